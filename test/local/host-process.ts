import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The local host with the built app, in a process of its own. */
export interface HostProcess {
  readonly pid: number;
  /** Of the status page, with the key that opens it. */
  readonly statusAddress: string;
  /** How the process ended by itself; pending while it runs. */
  readonly ended: Promise<string>;
  /** Ends it in order, within 40 seconds. */
  stop(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

export interface HostProcessOptions {
  /** Application settings, over those of this process. */
  readonly settings: Readonly<Record<string, string>>;
  /** How long a received message stays hidden without renewal. Default: the real host's 10 minutes. */
  readonly messageLeaseMs?: number;
  /** Each line the app logs, as it was printed. */
  readonly onLine: (line: string) => void;
}

const root = join(import.meta.dirname, '..', '..');
const stopMs = 40_000;
const readyMark = 'host ready ';

/** What the host prints once it listens. */
interface Ready {
  readonly http: { readonly port: number; readonly functionKey: string };
}

/** Starts the host and returns once the app is loaded. @throws with what the process printed when it did not get there. */
export async function startHostProcess({ settings, messageLeaseMs, onLine }: HostProcessOptions): Promise<HostProcess> {
  const lease = messageLeaseMs === undefined ? [] : ['--message-lease-ms', String(messageLeaseMs)];
  const host = ['--enable-source-maps', join(root, 'test', 'host', 'main.ts'), '--app', root];
  const child = spawn(process.execPath, [...host, ...lease], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for us to hear; the host is then ended in order.
    detached: true,
  });
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const ended = once(child, 'exit').then(([code, signal]) => `${signal ?? `code ${code}`}: ${errors.join('').trim()}`);
  const ready = new Promise<Ready>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) =>
      line.startsWith(readyMark) ? resolve(JSON.parse(line.slice(readyMark.length))) : onLine(line),
    );
  });
  const first = await Promise.race([ready, ended]);
  if (typeof first === 'string') throw new Error(`The app did not start (${first})`);
  return {
    pid: child.pid ?? 0,
    statusAddress: `http://127.0.0.1:${first.http.port}/api/status?code=${first.http.functionKey}`,
    ended,
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
  await exited;
  clearTimeout(timer);
}
