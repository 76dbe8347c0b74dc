/**
 * What the host and the library exchange. The library ships no types for this.
 *
 * Source: Azure/azure-functions-nodejs-worker, types-core/index.d.ts; only what this host gives or reads.
 */

/** Levels in the library's words; the host's configuration knows the same, but for their capitals. */
export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';

/** Whether the app's code or the library wrote a line. */
export type LogCategory = 'user' | 'system' | 'customMetric';

/** One binding of a function as it was registered; what else it holds depends on its type. */
export interface BindingInfo {
  readonly type: string;
  readonly direction: 'in' | 'out' | 'inout';
  readonly [option: string]: unknown;
}

/** A registration. The trigger is the one binding whose type ends in `Trigger`. */
export interface FunctionMetadata {
  readonly name: string;
  readonly functionId?: string;
  readonly bindings: Readonly<Record<string, BindingInfo>>;
  readonly retryOptions?: unknown;
}

/** A value on its way between host and worker: exactly one of these. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: HttpData;
}

/** A header, query or route value, which may be empty. */
export interface NullableString {
  readonly value: string;
}

/** An HTTP request or answer on its way between host and worker. */
export interface HttpData {
  readonly method?: string;
  readonly url?: string;
  readonly nullableHeaders?: Readonly<Record<string, NullableString>>;
  readonly nullableQuery?: Readonly<Record<string, NullableString>>;
  readonly nullableParams?: Readonly<Record<string, NullableString>>;
  readonly statusCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly unknown[];
  readonly body?: TypedData | null;
}

/** What starts one invocation. */
export interface InvocationRequest {
  readonly invocationId: string;
  readonly functionId: string;
  readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
  readonly traceContext: { readonly traceParent: string; readonly traceState: string };
}

/** What an invocation gives back. */
export interface InvocationResponse {
  readonly returnValue?: TypedData | null;
}

/** What the library is told about the invocation that it is to run. */
export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: InvocationRequest;
  readonly metadata: FunctionMetadata;
  state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
  log(level: LogLevel, category: LogCategory, message: string): void;
}

/** A handler as the library passes it on; it calls it with its inputs and the context. */
export type FunctionCallback = (...inputs: unknown[]) => unknown;

/** The library's part in one invocation, in the order of the calls. */
export interface InvocationModel {
  getArguments(): Promise<{ readonly context: unknown; readonly inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

/** What the library hands to the core when the first function is registered. */
export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel | Promise<InvocationModel>;
}

/** A hook; which context it gets depends on when it runs. */
export type HookCallback = (context: object) => unknown;

/** The moments at which an app can hook in. */
export type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation' | 'log';
