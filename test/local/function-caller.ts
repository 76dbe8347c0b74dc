/** An answer of one of the app's HTTP functions. */
export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls the HTTP functions of a deployed app with their key. */
export interface FunctionCaller {
  /** @throws Error in plain words when there is no answer, or not one of this app. */
  call(method: 'GET' | 'POST' | 'DELETE', path: string, fields?: object): Promise<Answered>;
}

const timeoutMs = 120_000;

/** @throws Error when the address or the key is missing, or the key would travel in the open. */
export function createFunctionCaller(address: string | undefined, key: string | undefined): FunctionCaller {
  if (!address)
    throw new Error('--url is missing: the address of the function app, such as https://APP.azurewebsites.net.');
  if (!URL.canParse(address)) throw new Error('--url is not an address such as https://APP.azurewebsites.net.');
  const url = new URL(address);
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(local && url.protocol === 'http:'))
    throw new Error('--url is not https: the key would travel in the open.');
  if (!key) {
    throw new Error(
      'The environment variable FUNCTION_KEY is missing. It is a key of the function, or a host key for all of them: Azure portal, ' +
        'the Function App, App keys.',
    );
  }
  return {
    async call(method, path, fields) {
      let answer: Response;
      try {
        answer = await fetch(new URL(`/api/${path}`, url), {
          method,
          headers: { 'x-functions-key': key, 'content-type': 'application/json' },
          ...(fields ? { body: JSON.stringify(fields) } : {}),
          // The key is for this host alone.
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
        });
      } catch (error) {
        throw new Error(`${url.origin} does not answer: ${reasonOf(error)}.`);
      }
      const text = await answer.text();
      if (answer.status === 401) throw new Error(`${url.origin} refused the key in FUNCTION_KEY (401).`);
      return { status: answer.status, body: parse(text, answer.status, url.origin) };
    },
  };
}

function parse(text: string, status: number, origin: string): Answered['body'] {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) return body as Answered['body'];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Error(`${origin} answered ${status} without the JSON of this app: is it deployed there, in this version?`);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
