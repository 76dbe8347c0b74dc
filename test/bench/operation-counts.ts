import type { IncomingMessage } from 'node:http';

/** Operations on the storage account. */
export interface OperationCounts {
  /** Requests to tables; a transaction is one. */
  readonly table: number;
  /** Rows in transactions. */
  readonly entities: number;
  readonly sends: number;
  /** The host's: receive, delete, renew. */
  readonly host: number;
  /** By service, verb and kind, such as `table PUT` or `table POST $batch`. */
  readonly byKind: Readonly<Record<string, number>>;
  /** Milliseconds since 1970 at which the last row was created by a transaction, and the last message sent; 0 for never. */
  readonly lastCreate: number;
  readonly lastSend: number;
}

/** Counts the requests that an emulated storage account receives. */
export interface OperationCounter {
  see(service: 'queue' | 'table', request: IncomingMessage): void;
  reset(): void;
  read(): OperationCounts;
}

const nothing: OperationCounts = {
  table: 0,
  entities: 0,
  sends: 0,
  host: 0,
  byKind: {},
  lastCreate: 0,
  lastSend: 0,
};

/** @param ignored a queue that is the benchmark's own. */
export function createOperationCounts(ignored?: string): OperationCounter {
  let counts = nothing;
  return {
    see(service, request) {
      if (ignored !== undefined && request.url?.includes(ignored)) return;
      const kind = kindOf(service, request);
      const byKind = { ...counts.byKind, [kind]: (counts.byKind[kind] ?? 0) + 1 };
      counts = { ...counts, byKind };
      if (service === 'table') counts = { ...counts, table: counts.table + 1 };
      else if (kind === 'queue POST messages') counts = { ...counts, sends: counts.sends + 1, lastSend: Date.now() };
      else if (kind.endsWith(' messages')) counts = { ...counts, host: counts.host + 1 };
      if (kind !== 'table POST $batch') return;
      overhear(request, (body) => {
        const operations = body.match(/^(?:POST|PUT|MERGE|PATCH|DELETE) http/gm) ?? [];
        const creates = operations.some((operation) => operation.startsWith('POST'));
        counts = {
          ...counts,
          entities: counts.entities + operations.length,
          lastCreate: creates ? Date.now() : counts.lastCreate,
        };
      });
    },
    reset() {
      counts = nothing;
    },
    read: () => counts,
  };
}

function kindOf(service: string, { method, url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?');
  if (path.endsWith('/$batch')) return `${service} ${method} $batch`;
  return `${service} ${method}${/\/messages(?:\/|$)/.test(path) ? ' messages' : ''}`;
}

/** Hears a body as whoever reads it gets it. A listener would make it flow before its reader is there. */
function overhear(request: IncomingMessage, heard: (body: string) => void): void {
  const emit = request.emit.bind(request);
  const pieces: Buffer[] = [];
  request.emit = (event: string | symbol, ...args: unknown[]) => {
    if (event === 'data') pieces.push(args[0] as Buffer);
    if (event === 'end') heard(Buffer.concat(pieces).toString('latin1'));
    return emit(event, ...args);
  };
}
