import type { TableClient } from '@azure/data-tables';
import { CollectorError, type ErrorCode } from '../errors.ts';
import { isMissing, isRefused } from './conditions.ts';
import { contentRowKey, partitionKey, type SettledState } from './keys.ts';
import { iso, type OpenContent, type OpenRow, readOpenRow, type SendingState, sendingColumns } from './open-content.ts';
import { replayColumns } from './replay-columns.ts';

/** Longer than a handler may run, shorter than the ten minutes after which the host delivers an unfinished message again. */
export const claimMs = 9.5 * 60_000;

/** One delivery of a queue message. The host delivers a message again only when the earlier delivery has ended or is frozen. */
export interface Delivery {
  readonly messageId: string;
  readonly dequeueCount: number;
}

/** A content that is ours until `until`; its writes carry the ETag of our last one. */
export interface Claim {
  readonly content: OpenContent;
  readonly owner: string;
  readonly until: number;
}

export interface Settlement extends SendingState {
  readonly state: SettledState;
  /** Why it was settled as anything but forwarded. */
  readonly code?: ErrorCode;
}

export interface Postponement extends SendingState {
  /** Not to be tried again before this time, milliseconds since 1970. */
  readonly due: number;
  readonly attempts: number;
  readonly code: ErrorCode;
}

/** Claiming and settling contents: each move is one conditional write, so storage decides every race. */
export interface Claims {
  /** Undefined when somebody else has it, or it is settled. */
  claim(content: OpenContent, delivery: Delivery): Promise<Claim | undefined>;
  /** Notes what has been accepted so far. @throws CollectorError `claim_lost` */
  noteProgress(claim: Claim, state: SendingState): Promise<Claim>;
  /** Not now: stays open until `due`. @throws CollectorError `claim_lost` */
  postpone(claim: Claim, postponement: Postponement): Promise<void>;
  /** Puts a content back that nobody has begun; what changed meanwhile stays as it is. */
  defer(content: OpenContent, due: number): Promise<void>;
  /** Puts back a content whose executions have crashed, due when `dueAfter` its attempts; one in work is left alone. */
  release(content: OpenContent, dueAfter: (attempts: number) => number): Promise<void>;
  /** Moves the row from open to its final state. @throws CollectorError `claim_lost` */
  settle(claim: Claim, settlement: Settlement): Promise<void>;
}

export function createClaims(table: TableClient, now: () => number): Claims {
  const key = (content: OpenContent) => ({
    partitionKey: partitionKey(content.scope),
    rowKey: contentRowKey('open', content),
  });

  async function read(content: OpenContent) {
    const { partitionKey, rowKey } = key(content);
    try {
      return await table.getEntity<OpenRow>(partitionKey, rowKey);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async function claim(content: OpenContent, delivery: Delivery): Promise<Claim | undefined> {
    const owner = `${delivery.messageId}#${delivery.dequeueCount}`;
    const until = now() + claimMs;
    const columns = {
      owner,
      claimed: true,
      due: iso(until),
      attempts: content.attempts + 1,
      possiblyDoubled: content.possiblyDoubled,
    };
    const claimed = (etag: string): Claim => ({
      content: { ...content, attempts: columns.attempts, etag },
      owner,
      until,
    });
    try {
      const { etag } = await table.updateEntity({ ...key(content), ...columns }, 'Merge', { etag: content.etag });
      return claimed(etag ?? '');
    } catch (error) {
      if (!isRefused(error)) throw error;
      const row = await read(content);
      if (!row?.claimed) return undefined;
      if (row.owner === owner) return claimed(row.etag);
      const [messageId, dequeueCount] = row.owner.split('#');
      // An earlier delivery of this very message had it and will not return: its last batch may have been accepted.
      if (messageId !== delivery.messageId || Number(dequeueCount) >= delivery.dequeueCount) return undefined;
      const left = readOpenRow(content.scope, row);
      return claim({ ...left, possiblyDoubled: left.possiblyDoubled + 1 }, delivery);
    }
  }

  /** One merge under our ETag; a refusal is our own success when the row shows what we wrote. */
  async function write(claim: Claim, columns: Partial<OpenRow>, applied: (row: OpenRow) => boolean): Promise<string> {
    try {
      const { etag } = await table.updateEntity({ ...key(claim.content), ...columns }, 'Merge', {
        etag: claim.content.etag,
      });
      return etag ?? '';
    } catch (error) {
      if (!isRefused(error)) throw error;
      const row = await read(claim.content);
      if (row && row.owner === claim.owner && applied(row)) return row.etag;
      throw claimLost(claim);
    }
  }

  /** An open row beside a settled one would be sent again and again. Nothing makes one; should it happen, it ends here. */
  async function removeLeftover(content: OpenContent): Promise<void> {
    const { partitionKey, rowKey } = key(content);
    try {
      await table.deleteEntity(partitionKey, rowKey, { etag: content.etag });
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
  }

  return {
    claim,

    async noteProgress(claim, state) {
      const etag = await write(
        claim,
        sendingColumns(state),
        (row) => row.claimed && row.sentRecords === state.sent.records,
      );
      return { ...claim, content: { ...claim.content, ...state, etag } };
    },

    async postpone(claim, { due, attempts, code, ...state }) {
      const columns = { ...sendingColumns(state), due: iso(due), attempts, code, claimed: false };
      await write(claim, columns, (row) => !row.claimed);
    },

    async defer(content, due) {
      try {
        await table.updateEntity({ ...key(content), due: iso(due) }, 'Merge', { etag: content.etag });
      } catch (error) {
        if (!isRefused(error)) throw error;
      }
    },

    async release(content, dueAfter) {
      const row = await read(content);
      if (!row || (row.claimed && Date.parse(row.due) > now())) return;
      const left = readOpenRow(content.scope, row);
      const possiblyDoubled = left.possiblyDoubled + (row.claimed ? 1 : 0);
      const columns = { due: iso(dueAfter(row.attempts)), claimed: false, possiblyDoubled };
      try {
        await table.updateEntity({ ...key(content), ...columns }, 'Merge', { etag: row.etag });
      } catch (error) {
        // Settled or taken up meanwhile.
        if (!isRefused(error)) throw error;
      }
    },

    async settle(claim, settlement) {
      const { content, owner } = claim;
      if (now() >= claim.until) throw claimLost(claim);
      const target = {
        partitionKey: partitionKey(content.scope),
        rowKey: contentRowKey(settlement.state, content),
      };
      const row = {
        ...target,
        contentUri: content.contentUri,
        created: iso(content.created),
        expires: iso(content.expires),
        listed: iso(content.listed),
        settled: iso(now()),
        attempts: content.attempts,
        owner,
        ...sendingColumns(settlement),
        records: settlement.sent.records - settlement.refusedRecords.length,
        bytes: String(settlement.sent.bytes),
        reopened: content.reopened,
        ...replayColumns(content.replay),
        code: settlement.code ?? '',
      };
      try {
        // The SDK's transactions delete without an ETag. The delete still succeeds only once, and whoever settles has
        // seen every record accepted (or the content's end), so a claim that ran out meanwhile cannot make it untrue.
        await table.submitTransaction([
          ['delete', key(content)],
          ['create', row],
        ]);
      } catch (error) {
        if (!isRefused(error)) throw error;
        const settled = await table
          .getEntity<{ owner: string }>(target.partitionKey, target.rowKey)
          .catch((reason: unknown) => {
            if (isMissing(reason)) return undefined;
            throw reason;
          });
        if (settled?.owner === owner) return;
        if (settled) await removeLeftover(content);
        throw claimLost(claim);
      }
    },
  };
}

function claimLost({ content }: Claim): CollectorError {
  return new CollectorError(
    `Content ${content.contentId} was taken over by another execution or settled meanwhile; this one stops.`,
    { code: 'claim_lost', disposition: 'continue' },
  );
}
