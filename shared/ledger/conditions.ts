import { RestError } from '@azure/data-tables';

/**
 * Did storage refuse a condition: the row is there already (409), changed (412) or gone (404)?
 * After a lost answer the SDK repeats a request that had been applied, so a refusal is read back before it is believed.
 */
export function isRefused(error: unknown): boolean {
  return (
    error instanceof RestError && (error.statusCode === 404 || error.statusCode === 409 || error.statusCode === 412)
  );
}

export function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}
