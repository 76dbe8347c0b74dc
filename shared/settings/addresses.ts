import * as z from 'zod';
import { reject } from './values.ts';

const localHosts = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** An address below which paths are appended; https, or http on this machine alone. No slash at its end. */
export const baseUrl = z.string().transform((text, context): string => {
  const url = readUrl(text, context, 'http on this machine');
  return url ? `${url.origin}${url.pathname.replace(/\/+$/, '')}` : z.NEVER;
});

/** The base URL of a Sekoia intake: a base URL without the path of one of its operations. */
export const intakeUrl = baseUrl.transform((url, context): string => {
  if (!/\/(plain|plain\/batch|jsons|batch|array)$/.test(url)) return url;
  return reject(
    context,
    'ends in the path of one operation',
    'the base URL of the intake, such as https://intake.sekoia.io',
    'Cut off what follows the base: the app appends it.',
  );
});

/** Scheme and host; https, or http on this machine alone. */
export const originUrl = z.string().transform((text, context) => {
  return originOf(readUrl(text, context, 'http on this machine'), context);
});

/** Scheme and host of a login host; secrets travel there, so https only. */
export const httpsOriginUrl = z.string().transform((text, context) => {
  return originOf(readUrl(text, context, 'https only'), context);
});

function originOf(url: URL | undefined, context: z.RefinementCtx): string {
  if (url === undefined) return z.NEVER;
  if (url.pathname === '/') return url.origin;
  return reject(context, 'has a path', 'scheme and host alone, such as https://host', 'Remove what follows the host.');
}

/** The value itself is never repeated in the error: an address can hold a key. */
function readUrl(
  text: string,
  context: z.RefinementCtx,
  allowed: 'https only' | 'http on this machine',
): URL | undefined {
  const expected =
    allowed === 'https only' ? 'an https address' : 'an https address (http only for 127.0.0.1, [::1] and localhost)';
  const wrong = (what: string, remedy: string) => {
    reject(context, what, expected, remedy);
    return undefined;
  };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:\/\//i.test(text)) {
    return wrong('is not a web address', 'Write it in full, with https:// in front.');
  }
  if (url.protocol === 'http:' && (allowed === 'https only' || !localHosts.has(url.hostname))) {
    return wrong('uses plain http', 'Use https: keys and tokens travel there.');
  }
  if (url.username !== '' || url.password !== '') {
    return wrong('holds a user name or password', 'Remove what stands before the @.');
  }
  if (url.search !== '' || url.hash !== '') {
    return wrong('has a query or fragment', 'Remove the ? or # and what follows it.');
  }
  return url;
}
