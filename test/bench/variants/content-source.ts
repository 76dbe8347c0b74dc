import { Agent } from 'node:http';

/** What a variant that is told its contents beforehand gets to know. */
export interface Task {
  /** Addresses of the contents, to be forwarded one after the other. */
  readonly uris: readonly string[];
  readonly token: string;
  readonly publisherId: string;
  readonly intakeUrl: string;
  readonly intakeKey: string;
  readonly sinkUrl: string;
}

/** Connections that are kept, as any sensible client does. */
export const httpAgent = new Agent({ keepAlive: true });

/** The address of a content as the API wants to be asked for it. */
export function addressOf(uri: string, { publisherId }: Task): string {
  return `${uri}?PublisherIdentifier=${publisherId}`;
}
