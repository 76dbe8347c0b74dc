import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Commands, Reply, Request } from './commands.ts';

/** A process of the benchmark that carries out commands. */
export interface Child<C extends Commands> {
  readonly pid: number;
  /** @throws what the command threw, or how the process ended. */
  call<K extends keyof C & string>(name: K, ...args: Parameters<C[K]>): Promise<Awaited<ReturnType<C[K]>>>;
  /** What it reported unasked, latest last; at most 20 lines. */
  readonly reports: readonly string[];
  stop(): Promise<void>;
}

/** How a process is started. */
export interface ChildOptions {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

const stopMs = 10_000;

/** Starts a script that calls `serve`; returns when it serves. */
export async function startChild<C extends Commands>(
  script: string,
  { args = [], environment = {} }: ChildOptions = {},
): Promise<Child<C>> {
  const child = fork(script, [...args], {
    env: { ...process.env, ...environment },
    execArgv: ['--disable-warning=DEP0040', '--expose-gc'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  running.add(child);
  const waiting = new Map<number, Waiting>();
  const reports: string[] = [];
  let calls = 0;
  const serving = Promise.withResolvers<void>();
  const fail = (reason: string) => {
    running.delete(child);
    const error = new Error(`${script}: ${reason}`);
    serving.reject(error);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  child.once('error', (error) => fail(error.message));
  child.once('exit', (code, signal) => fail(`ended (${signal ?? `code ${code}`})`));
  child.on('message', (message) => {
    const reply = message as Reply;
    if ('serving' in reply) return serving.resolve();
    if ('report' in reply) {
      reports.push(reply.report);
      if (reports.length > 20) reports.shift();
      return;
    }
    const waits = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) waits?.reject(new Error(reply.error));
    else waits?.resolve(reply.value);
  });
  await serving.promise;
  return {
    pid: child.pid ?? 0,
    reports,
    call(name, ...args) {
      return new Promise((resolve, reject) => {
        if (!child.connected) return reject(new Error(`${script}: has ended`));
        calls += 1;
        waiting.set(calls, { resolve: resolve as Waiting['resolve'], reject });
        child.send({ id: calls, name, args } satisfies Request);
      });
    },
    async stop() {
      if (!running.has(child)) return;
      const exited = once(child, 'exit');
      // A served process ends when nobody can call it any more.
      child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      await exited;
      clearTimeout(timer);
    },
  };
}
