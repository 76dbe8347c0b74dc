import { describeError } from '../../host/log.ts';

/** What a process of the benchmark can be told to do; arguments and results are JSON. */
export type Commands = Readonly<Record<string, (...args: never[]) => unknown>>;

/** A call of a command. */
export interface Request {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What a process sends: that it serves, what became of a call, or a line that nobody asked for. */
export type Reply =
  | { readonly serving: true }
  | { readonly report: string }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

/** Carries out commands for the process that started this one, and ends with it. */
export function serve(commands: Commands): void {
  process.on('message', (message) => void answer(commands, message as Request));
  process.once('disconnect', () => process.exit(0));
  // Ctrl-C is for the starting process to hear.
  process.on('SIGINT', () => undefined);
  send({ serving: true });
}

/** A line for the starting process to show should things go wrong. */
export function report(line: string): void {
  send({ report: line });
}

async function answer(commands: Commands, { id, name, args }: Request): Promise<void> {
  try {
    const command = commands[name] as ((...args: readonly unknown[]) => unknown) | undefined;
    if (!command) throw new Error(`There is no command ${name}`);
    send({ id, value: await command(...args) });
  } catch (error) {
    send({ id, error: describeError(error) });
  }
}

function send(reply: Reply): void {
  if (process.connected) process.send?.(reply);
}
