import { createHash } from 'node:crypto';
import type { ContentType } from '../settings/settings.ts';

/**
 * The state of a content is the prefix of its row key:
 * `o` open, `f` forwarded, `g` gone (the API said so, finally), `x` expired, `q` quarantined.
 */
export const contentStates = {
  open: 'o',
  forwarded: 'f',
  gone: 'g',
  expired: 'x',
  quarantined: 'q',
} as const;
export type ContentState = keyof typeof contentStates;
export type SettledState = Exclude<ContentState, 'open'>;

/** Whose ledger it is: one partition per tenant and content type. */
export interface LedgerScope {
  readonly tenantId: string;
  readonly contentType: ContentType;
}

/** What names a content in the ledger. */
export interface ContentKey {
  readonly contentId: string;
  /** contentCreated, milliseconds since 1970; its hour is part of the row key. */
  readonly created: number;
}

export function partitionKey(scope: LedgerScope): string {
  return `${scope.tenantId}|${scope.contentType}`;
}

export function contentRowKey(state: ContentState, key: ContentKey): string {
  return `${contentStates[state]}|${hourOf(key.created)}|${encodeKeyPart(key.contentId)}`;
}

/** Row of the hour's sums. */
export function hourRowKey(hour: string): string {
  return `h|${hour}`;
}

/** The hour of a time, UTC, as `2026-11-22T15`: sorts as time does. */
export function hourOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 13);
}

/** The contentId in a content's row key. */
export function contentIdOf(rowKey: string): string {
  return decodeKeyPart(rowKey.slice(rowKey.indexOf('|', 2) + 1));
}

const plain = /^[A-Za-z0-9$._-]*$/;
const special = /[^A-Za-z0-9$._-]/g;

/** What of the 1 KiB of a key (UTF-16) a part may take. Observed: contentIds have about 100 characters. */
const maxPartLength = 400;
const hashed = /^\*\*[0-9a-f]{64}$/;

/**
 * Any string as a part of a key: table keys may not hold / \\ # ? and control characters. Reversible, but for strings of
 * several hundred characters: of these the key has a hash, which stands for them from then on.
 */
export function encodeKeyPart(value: string): string {
  if (plain.test(value) && value.length <= maxPartLength) return value;
  if (hashed.test(value)) return value;
  const encoded = value.replace(special, (unit) => `*${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return encoded.length <= maxPartLength ? encoded : `**${createHash('sha256').update(value, 'utf16le').digest('hex')}`;
}

/** Takes `encodeKeyPart` back; a hash stays what it is. */
export function decodeKeyPart(value: string): string {
  if (hashed.test(value)) return value;
  return value.replace(/\*([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
