import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import axios from 'axios';
import { serve } from '../processes/commands.ts';
import { createMeasuring } from '../processes/measuring.ts';
import { addressOf, httpAgent, type Task } from './content-source.ts';

/**
 * A collector as most are written: one content at a time, parsed, each record serialised, sent as JSON; no ledger.
 *
 * `node naive.ts plain` sends bodies as they are, `node naive.ts gzip` compresses them at the default level.
 */
const compresses = process.argv[2] === 'gzip';
const compress = promisify(gzip);
/** Characters of records a request: below the intake's 10 MiB with quotes escaped, as Sekoia's own SDK does. */
const maxRequestLength = 7_000_000;

async function forward(task: Task): Promise<void> {
  for (const uri of task.uris) {
    const { data } = await axios.get<readonly unknown[]>(addressOf(uri, task), {
      headers: { Authorization: `Bearer ${task.token}` },
      httpAgent,
    });
    const records = data.map((record) => JSON.stringify(record));
    for (const jsons of requestsOf(records)) await post(task, { intake_key: task.intakeKey, jsons });
  }
}

async function post({ intakeUrl }: Task, body: object): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  if (!compresses) await axios.post(`${intakeUrl}/batch`, body, { headers, httpAgent });
  else {
    const compressed = await compress(JSON.stringify(body));
    await axios.post(`${intakeUrl}/batch`, compressed, {
      headers: { ...headers, 'Content-Encoding': 'gzip' },
      httpAgent,
    });
  }
}

function* requestsOf(records: readonly string[]): Generator<readonly string[]> {
  let from = 0;
  let length = 0;
  for (const [index, record] of records.entries()) {
    if (length + record.length > maxRequestLength && index > from) {
      yield records.slice(from, index);
      from = index;
      length = 0;
    }
    length += record.length;
  }
  if (from < records.length) yield records.slice(from);
}

const commands = { ...createMeasuring(), forward };

/** What the process of a variant without a host can be told to do. */
export type ForwarderCommands = typeof commands;

serve(commands);
