import { AsyncLocalStorage } from 'node:async_hooks';
import Module from 'node:module';
import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  HookName,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from './core-types.ts';

/** What one app has registered. */
export interface AppRegistry {
  readonly functions: Map<string, RegisteredFunction>;
  readonly hooks: Readonly<Record<HookName, HookCallback[]>>;
  /** Shared by all hooks of this app. */
  readonly appHookData: Record<string, unknown>;
  /** Set once the app has started: from then on functions can no longer be registered. */
  started: boolean;
  /** A line of the library that belongs to no invocation. */
  log(level: LogLevel, category: LogCategory, message: string): void;
}

/** A function and the handler that it was registered with. */
export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

/** An empty registry for an app that is about to be loaded. */
export function createAppRegistry(log: AppRegistry['log']): AppRegistry {
  return {
    functions: new Map(),
    hooks: { appStart: [], appTerminate: [], preInvocation: [], postInvocation: [], log: [] },
    appHookData: {},
    started: false,
    log,
  };
}

interface CoreState {
  /** The app on whose behalf code runs: while it loads, and in its handlers and hooks. */
  readonly scope: AsyncLocalStorage<AppRegistry>;
  /** Each copy of the library hands over one at its first registration, and any of them will do for any app. */
  programmingModel: ProgrammingModel | undefined;
}

const stateKey = Symbol.for('test/host/functions-core');

/**
 * Makes `require('@azure/functions-core')` work, as in the worker. Apps may share the library, which asks for it once and keeps
 * it, so there is one core a process, and it finds out from the asynchronous context which app is calling.
 *
 * Source: Azure/azure-functions-nodejs-worker, src/setupCoreModule.ts.
 */
function coreState(): CoreState {
  const home = globalThis as { [stateKey]?: CoreState };
  home[stateKey] ??= injectCore();
  return home[stateKey];
}

function injectCore(): CoreState {
  const state: CoreState = { scope: new AsyncLocalStorage(), programmingModel: undefined };
  const core = {
    version: '3.0.0-local',
    hostVersion: '4.0.0-local',
    setProgrammingModel(model: ProgrammingModel) {
      state.programmingModel = model;
    },
    getProgrammingModel: () => state.programmingModel,
    registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) =>
      registerFunction(state.scope.getStore(), metadata, callback),
    registerHook: (name: string, callback: HookCallback) => registerHook(state.scope.getStore(), name, callback),
    log: (level: LogLevel, category: LogCategory, message: string) =>
      state.scope.getStore()?.log(level, category, message),
  };
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply: (target, module, args: [string]) =>
      args[0] === '@azure/functions-core' ? core : Reflect.apply(target, module, args),
  });
  return state;
}

/** Runs code on behalf of an app: what it registers or logs, now and in its callbacks, is that app's. */
export function runAsApp<T>(app: AppRegistry, run: () => T): T {
  return coreState().scope.run(app, run);
}

/** The library's model, once any app has registered a function. */
export function programmingModel(): ProgrammingModel {
  const model = coreState().programmingModel;
  if (model === undefined) {
    throw new Error('No app has registered a function with @azure/functions yet.');
  }
  return model;
}

function registerFunction(app: AppRegistry | undefined, metadata: FunctionMetadata, callback: FunctionCallback) {
  if (app === undefined || app.started) {
    throw new Error('A function can only be registered during app startup.');
  }
  const { name } = metadata;
  // Source: Azure/azure-functions-host, Utility.IsValidFunctionName.
  if (!/^[a-z][a-z0-9_-]{0,127}$/i.test(name)) {
    throw new Error(`'${name}' is not a valid function name.`);
  }
  if (app.functions.has(name)) {
    throw new Error(`A function with name "${name}" has already been registered.`);
  }
  app.functions.set(name, { metadata, callback });
  return { dispose: () => void app.functions.delete(name) };
}

function registerHook(app: AppRegistry | undefined, name: string, callback: HookCallback) {
  const hooks = Object.entries(app?.hooks ?? {}).find(([known]) => known === name)?.[1];
  if (hooks === undefined) {
    throw new RangeError(`Unrecognized hook "${name}"`);
  }
  hooks.push(callback);
  return {
    dispose() {
      const index = hooks.indexOf(callback);
      if (index !== -1) {
        hooks.splice(index, 1);
      }
    },
  };
}
