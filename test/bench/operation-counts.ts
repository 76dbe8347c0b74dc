import type { IncomingMessage } from 'node:http';

/** Operations on the storage account. */
export interface OperationCounts {
  /** Requests to tables; a transaction is one. */
  readonly table: number;
  /** Rows in transactions. */
  readonly entities: number;
  readonly sends: number;
  /** Everything else at queues, the host's receiving and deleting included. */
  readonly otherQueue: number;
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

const nothing: OperationCounts = { table: 0, entities: 0, sends: 0, otherQueue: 0, lastCreate: 0, lastSend: 0 };

/** @param ignored a queue that is the benchmark's own. */
export function createOperationCounts(ignored?: string): OperationCounter {
  let counts = nothing;
  return {
    see(service, request) {
      if (ignored !== undefined && request.url?.includes(ignored)) return;
      const path = request.url?.split('?')[0] ?? '';
      if (service === 'queue') {
        const isSend = request.method === 'POST' && path.endsWith('/messages');
        counts = isSend
          ? { ...counts, sends: counts.sends + 1, lastSend: Date.now() }
          : { ...counts, otherQueue: counts.otherQueue + 1 };
        return;
      }
      counts = { ...counts, table: counts.table + 1 };
      if (!path.endsWith('/$batch')) return;
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
