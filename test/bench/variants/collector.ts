import { loadApp } from '../../host/app-loader.ts';
import type { FunctionMetadata, InvocationRequest } from '../../host/core-types.ts';
import { createFunctionWorker } from '../../host/function-worker.ts';
import { createAppRegistry } from '../../host/functions-core.ts';
import { runAppHooks } from '../../host/invocation.ts';
import type { LogEntry } from '../../host/log.ts';
import { report, serve } from '../processes/commands.ts';
import { createMeasuring } from '../processes/measuring.ts';

/**
 * The built app, as Azure's worker process runs it: what it registers is invoked from the host's process, which receives and
 * deletes the messages. `node collector.ts DIRECTORY`.
 */
const [, , appDirectory = ''] = process.argv;
const app = createAppRegistry((level, _category, message) => onLog({ level, category: 'Worker', message }));
await loadApp(appDirectory, {}, app);
await runAppHooks(app, 'appStart', { functionAppDirectory: appDirectory });
app.started = true;
const worker = createFunctionWorker(app);

function onLog({ level, message }: Pick<LogEntry, 'level' | 'category' | 'message'>): void {
  if (level === 'warning' || level === 'error') report(message);
}

const commands = {
  ...createMeasuring(),
  functions: (): FunctionMetadata[] => [...app.functions.values()].map(({ metadata }) => metadata),
  async invoke(request: InvocationRequest): Promise<void> {
    await worker.invoke(request, onLog);
  },
};

/** What the collector's process can be told to do. */
export type CollectorCommands = typeof commands;

serve(commands);
