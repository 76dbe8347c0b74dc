import { type IncomingMessage, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip } from 'node:zlib';
import { serve } from '../processes/commands.ts';
import { createMeasuring } from '../processes/measuring.ts';
import { addressOf, httpAgent, type Task } from './content-source.ts';

/**
 * The least that can be done: the bytes of a content are decompressed as they come, compressed at level 1 and sent on as one
 * request, one content at a time. It knows nothing of records, claims no content, and takes any answer for a yes.
 */
const chunkSize = 65_536;
const level = constants.Z_BEST_SPEED;

async function forward(task: Task): Promise<void> {
  for (const uri of task.uris) {
    const headers = { Authorization: `Bearer ${task.token}`, 'Accept-Encoding': 'gzip' };
    const download = request(addressOf(uri, task), { headers, agent: httpAgent });
    const content = answerOf(download);
    download.end();
    const upload = request(task.sinkUrl, {
      method: 'POST',
      headers: { 'Content-Encoding': 'gzip' },
      agent: httpAgent,
    });
    const accepted = answerOf(upload);
    await pipeline(await content, createGunzip({ chunkSize }), createGzip({ level, chunkSize }), upload);
    (await accepted).resume();
  }
}

function answerOf(outgoing: ReturnType<typeof request>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
  });
}

serve({ ...createMeasuring(), forward });
