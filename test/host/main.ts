import { parseArgs } from 'node:util';
import { type AppHost, startHost } from './app-host.ts';
import { isLogged, readHostSettings } from './host-settings.ts';
import { describeError, type LogEntry } from './log.ts';

/**
 * Hosts an app in a process of its own, with the process's environment:
 * `node test/host/main.ts --app DIR [--message-lease-ms N] [--http-port N] [--no-timers]`.
 *
 * Prints `host ready {…}` with the functions and the HTTP port once it listens, then the app's log as JSON lines, as far as
 * host.json's log levels let them through. SIGTERM and SIGINT end it in order, with code 0; a second one at once.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      app: { type: 'string' },
      'message-lease-ms': { type: 'string' },
      'http-port': { type: 'string', default: '0' },
      'no-timers': { type: 'boolean', default: false },
    },
  });
  if (values.app === undefined) {
    throw new Error('--app DIR is missing: the directory with package.json and host.json.');
  }
  const appDirectory = values.app;
  const settings = await readHostSettings(appDirectory);
  const lease = values['message-lease-ms'];
  const host = await startHost({
    appDirectory,
    onLog: (entry) => {
      if (isLogged(settings, entry.category, entry.level)) {
        printLog(entry);
      }
    },
    timers: !values['no-timers'],
    httpPort: wholeNumber('http-port', values['http-port']),
    ...(lease === undefined ? {} : { messageLeaseMs: wholeNumber('message-lease-ms', lease) }),
  });
  const { http } = host;
  const ready = {
    functions: host.functions.map(({ name, trigger }) => ({ name, trigger: trigger.type })),
    http: http === undefined ? null : { port: http.port, functionKey: http.functionKey, masterKey: http.masterKey },
  };
  process.stdout.write(`host ready ${JSON.stringify(ready)}\n`);
  endOnSignal(host);
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new Error(`--${option} must be a whole number, not ${text}.`);
  }
  return Number(text);
}

function endOnSignal(host: AppHost): void {
  let ending = false;
  const end = () => {
    if (ending) {
      process.exit(1);
    }
    ending = true;
    void host.stop().then(() => process.stdout.write('', () => process.exit(0)));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

function printLog(entry: LogEntry): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : describeError(error);
  process.stderr.write(`${message}\n`, () => process.exit(1));
});
