import { type Answer, type Delivery, emptyAnswer, textAnswer, wholeBody } from './answer.ts';
import type { FaultAnswer } from './faults.ts';

/** Faults below and around HTTP that any service can have. */

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

function delivered(delivery: Delivery): FaultAnswer {
  return async (real) => ({ ...(await real()), delivery });
}

/** The answer begins well, but the connection ends after `bytes` of its body. */
export function cutConnectionAfter(bytes: number): FaultAnswer {
  return delivered({ cutAfterBytes: bytes });
}

/** The body comes in small pieces with real time between them. */
export function slowBody(options: { readonly bytesPerChunk: number; readonly delayMs: number }): FaultAnswer {
  return delivered({ pace: options });
}

/** The answer is right but comes late, in real time. */
export function slowAnswer(delayMs: number): FaultAnswer {
  return delivered({ delayMs });
}

/** The request is read and nothing ever comes back; it has no effect. */
export function neverAnswer(): FaultAnswer {
  return () => ({ ...emptyAnswer(200), delivery: { instead: 'silence' } });
}

/** The connection is closed before an answer; the request has no effect. */
export function resetBeforeAnswer(): FaultAnswer {
  return () => ({ ...emptyAnswer(200), delivery: { instead: 'reset' } });
}

/** The request takes its full effect, then the connection is closed instead of answered. */
export function answerLostAfterAcceptance(): FaultAnswer {
  return delivered({ instead: 'reset' });
}

/** The request takes its full effect, then nothing ever comes back. */
export function answerWithheldAfterAcceptance(): FaultAnswer {
  return delivered({ instead: 'silence' });
}

/** The body ends after `bytes` of it, and length and framing agree with that. */
export function truncatedBody(bytes: number): FaultAnswer {
  return changedBody((body) => body.subarray(0, bytes));
}

/** The body has other bytes than it should; length and framing agree with them. */
export function changedBody(change: (body: Buffer) => Buffer): FaultAnswer {
  return async (real) => {
    const answer = await real();
    return { ...answer, body: change(await wholeBody(answer)) };
  };
}

/** A byte order mark stands in front of the body. */
export function byteOrderMarkInFront(): FaultAnswer {
  return changedBody((body) => Buffer.concat([byteOrderMark, body]));
}

/** The answer names another content type, or none at all. */
export function contentTypeHeader(value: string | undefined): FaultAnswer {
  return async (real) => {
    const answer = await real();
    const headers = Object.entries(answer.headers).filter(([name]) => name.toLowerCase() !== 'content-type');
    return { ...answer, headers: Object.fromEntries(value ? [...headers, ['Content-Type', value]] : headers) };
  };
}

/** 302 to another address. */
export function redirectTo(location: string): FaultAnswer {
  return () => emptyAnswer(302, { Location: location });
}

/** Any answer at all, made by the caller. */
export function answerWith(answer: Answer): FaultAnswer {
  return () => answer;
}

/** 401 with nothing that says why. */
export function emptyUnauthorized(): FaultAnswer {
  return () => emptyAnswer(401);
}

/** An error page of something between the client and the service. */
export function htmlPage(status: number, headers: Readonly<Record<string, string>> = {}): FaultAnswer {
  const page = `<html><head><title>${status}</title></head><body><h1>${status}</h1><p>Our services aren't available right now.</p></body></html>`;
  return () => textAnswer(status, page, 'text/html', headers);
}

/** Plain text and nothing more. */
export function plainText(status: number, text: string, headers: Readonly<Record<string, string>> = {}): FaultAnswer {
  return () => textAnswer(status, text, 'text/plain', headers);
}
