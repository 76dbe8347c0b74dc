import { type Environment, resolveConnection, resolveReferences } from './app-settings.ts';
import type { BindingInfo, FunctionMetadata } from './core-types.ts';

/** What starts a function, with every reference to an application setting put in. */
export type Trigger = QueueTrigger | TimerTrigger | HttpTrigger;

/** Starts a function for each message of a storage queue. */
export interface QueueTrigger {
  readonly type: 'queueTrigger';
  /** The name of the function's input. */
  readonly bindingName: string;
  readonly queueName: string;
  readonly connectionString: string;
}

/** Starts a function by the clock. */
export interface TimerTrigger {
  readonly type: 'timerTrigger';
  /** The name of the function's input. */
  readonly bindingName: string;
  /** NCRONTAB, UTC. */
  readonly schedule: string;
  /** Whether the function wants to be run at start as well. */
  readonly runOnStartup: boolean;
  /** Whether the host keeps the times of its runs; never does for schedules of less than a minute. */
  readonly useMonitor: boolean;
}

/** Starts a function for each HTTP request to its route. */
export interface HttpTrigger {
  readonly type: 'httpTrigger';
  /** The name of the function's input. */
  readonly bindingName: string;
  /** Below the route prefix; the function's name if it gives none. */
  readonly route: string;
  /** In capitals; empty for all. */
  readonly methods: readonly string[];
  /** Who may call: everybody, who has a function key, who has the master key. */
  readonly authLevel: 'anonymous' | 'function' | 'admin';
}

/**
 * A function's trigger.
 *
 * @throws when a setting is missing, or the function asks for what this host does not do: other triggers, further bindings, retries.
 */
export function readTrigger(metadata: FunctionMetadata, settings: Environment): Trigger {
  let trigger: Trigger | undefined;
  if (metadata.retryOptions !== undefined) {
    throw new Error(`The function '${metadata.name}' has a retry policy, which this host does not carry out.`);
  }
  for (const [name, binding] of Object.entries(metadata.bindings)) {
    if (/trigger$/i.test(binding.type)) {
      trigger = readTriggerBinding(name, binding, metadata.name, settings);
    } else if (binding.type !== 'http' || name !== '$return') {
      throw new Error(
        `The function '${metadata.name}' has a binding of type '${binding.type}', which this host does not serve.`,
      );
    }
  }
  if (trigger === undefined) {
    throw new Error(`The function '${metadata.name}' has no trigger.`);
  }
  return trigger;
}

function readTriggerBinding(
  bindingName: string,
  binding: BindingInfo,
  functionName: string,
  settings: Environment,
): Trigger {
  const text = (option: string, fallback: string) => resolveReferences(String(binding[option] ?? fallback), settings);
  switch (binding.type) {
    case 'queueTrigger':
      return {
        type: 'queueTrigger',
        bindingName,
        queueName: validQueueName(text('queueName', '')),
        connectionString: resolveConnection(String(binding['connection'] ?? 'Storage'), settings),
      };
    case 'timerTrigger':
      return {
        type: 'timerTrigger',
        bindingName,
        schedule: text('schedule', ''),
        runOnStartup: binding['runOnStartup'] === true,
        useMonitor: binding['useMonitor'] !== false,
      };
    case 'httpTrigger': {
      const methods = Array.isArray(binding['methods']) ? binding['methods'].map((method) => String(method)) : [];
      return {
        type: 'httpTrigger',
        bindingName,
        route: text('route', functionName),
        methods: methods.map((method) => method.toUpperCase()),
        authLevel: validAuthLevel(String(binding['authLevel'] ?? 'function')),
      };
    }
    default:
      throw new Error(
        `The function '${functionName}' has a trigger of type '${binding.type}', which this host does not serve.`,
      );
  }
}

function validAuthLevel(level: string): HttpTrigger['authLevel'] {
  const known = (['anonymous', 'function', 'admin'] as const).find((name) => name === level.toLowerCase());
  if (known === undefined) {
    throw new Error(`'${level}' is not an authorization level of this host.`);
  }
  return known;
}

function validQueueName(name: string): string {
  const lower = name.toLowerCase();
  if (!/^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(lower)) {
    throw new Error(
      `'${name}' is not a valid queue name: 3 to 63 letters, digits and single dashes, no dash at either end.`,
    );
  }
  return lower;
}
