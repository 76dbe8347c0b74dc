import type { CollectorError } from '../errors.ts';
import { type RecordBatch, updateChecksum } from './record-batches.ts';
import type { Transfer, TransferPorts } from './transfer.ts';

/**
 * Records that the destination refused, one by one. A refusal is believed to be about the record only once the destination
 * has accepted something after it; otherwise the destination may refuse everything, and nothing must be left out.
 */
export interface Refusals {
  /** The destination refused this one record. @throws the fault when too many in a row are refused. */
  suspect(record: RecordBatch, fault: CollectorError): void;
  /** Something was accepted: what was refused before is at fault, and counts as dealt with. */
  confirm(): void;
  /** The content has ended. @throws the fault when nothing shows that the records themselves are at fault. */
  end(): Promise<void>;
}

/** So many refusals in a row look like a destination that refuses everything. */
const mostInARow = 3;
/** A record refused in so many attempts, minutes apart, while others were accepted, is at fault. */
const enoughAttempts = 3;

export function createRefusals(transfer: Transfer, ports: TransferPorts): Refusals {
  const { acceptance, now, refused } = ports;
  const { scope, attempts } = transfer.found;
  let suspects: { readonly record: RecordBatch; readonly fault: CollectorError; readonly at: number }[] = [];

  function confirm(): void {
    for (const { record, fault } of suspects) {
      refused(record.firstRecord, fault);
      count(transfer, record, true);
    }
    suspects = [];
  }

  return {
    suspect(record, fault) {
      // The block it stands in is released before the suspicion is settled.
      suspects.push({ record: { ...record, lines: Buffer.from(record.lines) }, fault, at: now() });
      if (suspects.length > mostInARow) throw fault;
    },
    confirm,
    async end() {
      const last = suspects.at(-1);
      if (!last) return;
      const accepted =
        acceptance.acceptedSince(scope.tenantId, last.at) ||
        (attempts >= enoughAttempts && (await acceptance.acceptedLately(scope.tenantId)));
      if (!accepted) throw last.fault;
      confirm();
    },
  };
}

/** Counts a batch as dealt with: accepted, or its one record as refused. */
export function count(transfer: Transfer, batch: RecordBatch, refused: boolean): void {
  const { sent, refusedRecords } = transfer.state;
  transfer.state = {
    ...transfer.state,
    sent: {
      records: sent.records + batch.records,
      bytes: sent.bytes + batch.lines.length,
      crc32: updateChecksum(sent.crc32, batch),
    },
    refusedRecords: refused ? [...refusedRecords, batch.firstRecord] : refusedRecords,
  };
  transfer.batches += 1;
}
