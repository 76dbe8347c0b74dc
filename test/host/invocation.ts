import type {
  CoreInvocationContext,
  FunctionCallback,
  HookCallback,
  InvocationRequest,
  InvocationResponse,
  LogCategory,
  LogLevel,
} from './core-types.ts';
import { type AppRegistry, programmingModel, type RegisteredFunction, runAsApp } from './functions-core.ts';
import type { OnLog } from './log.ts';

/** What an invocation gave back: as the worker would send it to the host, and as the handler returned it. */
export interface InvocationResult {
  readonly response: InvocationResponse;
  readonly returned: unknown;
}

/**
 * Runs one invocation as the worker does: arguments, preInvocation hooks, handler, postInvocation hooks, answer.
 *
 * Source: Azure/azure-functions-nodejs-worker, src/eventHandlers/InvocationHandler.ts.
 * @throws what the handler or a hook throws, unless a postInvocation hook takes the error away.
 */
export async function runInvocation(
  app: AppRegistry,
  registered: RegisteredFunction,
  request: InvocationRequest,
  onLog: OnLog,
): Promise<InvocationResult> {
  const hookData: Record<string, unknown> = {};
  let invocationContext: unknown;
  const core: CoreInvocationContext = {
    invocationId: request.invocationId,
    request,
    metadata: registered.metadata,
    state: undefined,
    log(level, category, message) {
      const line = throughLogHooks(app, { level, category, message, hookData, invocationContext });
      const { name } = registered.metadata;
      onLog({
        ...line,
        category: category === 'user' ? `Function.${name}.User` : 'Worker',
        functionName: name,
        invocationId: request.invocationId,
      });
    },
  };
  return await runAsApp(app, async () => {
    const model = await programmingModel().getInvocationModel(core);
    const { context, inputs } = await model.getArguments();
    invocationContext = context;

    const pre = { ...hookScope(app, hookData, context), inputs, functionCallback: registered.callback };
    await inState(core, 'preInvocationHooks', () => runHooks(app.hooks.preInvocation, pre));

    const post = {
      ...hookScope(app, hookData, context),
      inputs: pre.inputs,
      result: null as unknown,
      error: null as unknown,
    };
    await inState(core, 'invocation', async () => {
      try {
        post.result = await model.invokeFunction(context, pre.inputs, pre.functionCallback as FunctionCallback);
      } catch (error) {
        post.error = error;
      }
    });
    await inState(core, 'postInvocationHooks', () => runHooks(app.hooks.postInvocation, post));
    if (post.error !== null && post.error !== undefined) {
      throw post.error;
    }
    return { response: await model.getResponse(context, post.result), returned: post.result };
  });
}

/** Runs an app's start or end hooks one after the other. @throws what a hook throws. */
export async function runAppHooks(app: AppRegistry, name: 'appStart' | 'appTerminate', details: object): Promise<void> {
  const context = { hookData: {}, appHookData: app.appHookData, ...details };
  await runAsApp(app, () => runHooks(app.hooks[name], context));
}

function hookScope(app: AppRegistry, hookData: Record<string, unknown>, invocationContext: unknown) {
  return { hookData, appHookData: app.appHookData, invocationContext };
}

async function runHooks(hooks: readonly HookCallback[], context: object): Promise<void> {
  for (const hook of [...hooks]) {
    await hook(context);
  }
}

async function inState<T>(
  core: CoreInvocationContext,
  state: NonNullable<CoreInvocationContext['state']>,
  run: () => Promise<T>,
): Promise<T> {
  core.state = state;
  try {
    return await run();
  } finally {
    core.state = undefined;
  }
}

interface LogHookContext {
  level: LogLevel;
  message: string;
  readonly category: LogCategory;
  readonly hookData: Record<string, unknown>;
  readonly invocationContext: unknown;
}

/** Log hooks may change the app's own lines; the library's are shown to them and stay. A hook that throws changes nothing. */
function throughLogHooks(
  app: AppRegistry,
  line: LogHookContext,
): { readonly level: LogLevel; readonly message: string } {
  const shown = { ...line };
  try {
    for (const hook of app.hooks.log) {
      hook(shown);
    }
  } catch {
    return line;
  }
  return line.category === 'user'
    ? { level: shown.level, message: shown.message }
    : { level: line.level, message: line.message };
}
