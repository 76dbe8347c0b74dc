import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { type Answer, rawJsonAnswer, wholeBody } from '../../simulator/answer.ts';
import type { Office } from '../../simulator/office.ts';
import type { PublishedContent } from '../../simulator/published-content.ts';

/** Downloads that were compressed before anybody asked, so that the simulator works less while others are measured. */
export interface PreparedDownloads {
  prepare(content: PublishedContent): Promise<void>;
  clear(): void;
}

const compress = promisify(gzip);
const options = { level: constants.Z_BEST_SPEED, chunkSize: 65_536 };

/** Contents that are not prepared are made while they are sent, as ever. */
export function createPreparedDownloads(office: Office): PreparedDownloads {
  const ready = new Map<string, Answer>();
  office.faults.add({
    match: { operation: 'download' },
    answer: (real, { contentId = '' }) => ready.get(contentId) ?? real(),
  });
  return {
    async prepare(content) {
      const answer = rawJsonAnswer(content.body());
      const body = await compress(await wholeBody(answer), options);
      const headers = { ...answer.headers, 'Content-Encoding': 'gzip' };
      ready.set(content.contentId, { status: 200, headers, body });
    },
    clear: () => ready.clear(),
  };
}
