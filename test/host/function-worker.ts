import type { InvocationRequest } from './core-types.ts';
import type { AppRegistry } from './functions-core.ts';
import { type InvocationResult, runInvocation } from './invocation.ts';
import type { OnLog } from './log.ts';

/** Where an app's functions run: in the host's process, or, as in Azure, in a worker process of their own. */
export interface FunctionWorker {
  readonly functionNames: readonly string[];
  /** Runs the function that `request.functionId` names. @throws what the function or a hook threw. */
  invoke(request: InvocationRequest, onLog: OnLog): Promise<InvocationResult>;
}

/** The worker of an app that this process has loaded. */
export function createFunctionWorker(app: AppRegistry): FunctionWorker {
  return {
    functionNames: [...app.functions.keys()],
    async invoke(request, onLog) {
      const registered = app.functions.get(request.functionId);
      if (registered === undefined) {
        throw new Error(`The app has no function '${request.functionId}'.`);
      }
      return await runInvocation(app, registered, request, onLog);
    },
  };
}
