import { gunzipSync } from 'node:zlib';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../shared/http/http-client.ts';
import type { Boundaries, Service } from './boundaries.ts';
import type { Deliveries, Post } from './deliveries.ts';

/** The product's HTTP as one process has it: with boundaries, and an eye on what is sent to the SIEM. */
export interface WatchedHttp extends HttpClient {
  /** What was sent last of a content, whatever became of it. */
  lastPost(contentId: string): Post | undefined;
  forgetPost(contentId: string): void;
}

/** @param siemOrigin where posts go; everything else is the API. */
export function watchHttp(
  real: HttpClient,
  siemOrigin: string,
  boundaries: Boundaries,
  deliveries: Deliveries,
): WatchedHttp {
  const lastPosts = new Map<string, Post>();

  function notePost(body: Buffer | undefined): { readonly post: Post; readonly lines: number } | undefined {
    if (!body) return undefined;
    const lines = linesOf(gunzipSync(body));
    const post = deliveries.postOf(lines);
    if (!post) return undefined;
    lastPosts.set(post.contentId, post);
    return { post, lines: lines.length };
  }

  /** Did the answer confirm every line? */
  function isConfirmed(text: string, lines: number): boolean {
    const ids = /"event_ids":\[([^\]]*)\]/.exec(text)?.[1];
    return ids !== undefined && ids.split(',').length >= lines && ids !== '';
  }

  return {
    async send(request: HttpRequest): Promise<HttpAnswer> {
      const service: Service = request.url.startsWith(siemOrigin) ? 'intake' : 'api';
      const sent = service === 'intake' ? notePost(request.body) : undefined;
      // What others of its process were doing when it froze is not known to them yet: this one goes out when it thaws.
      if (sent && boundaries.state === 'frozen') deliveries.allowAgain(sent.post.contentId, sent.post);
      await boundaries.cross({ service, applied: false });
      const answer = await real.send(request).catch((error: unknown) => {
        if (sent) deliveries.allowAgain(sent.post.contentId, sent.post);
        return boundaries.cross({ service, applied: true }).then(() => Promise.reject(error));
      });
      await boundaries.cross({ service, applied: true });
      return {
        status: answer.status,
        header: (name) => answer.header(name),
        body: crossing(answer.body, service, boundaries),
        async text(maxBytes) {
          const text = await answer.text(maxBytes).catch((error: unknown) => {
            if (sent) deliveries.allowAgain(sent.post.contentId, sent.post);
            throw error;
          });
          if (sent && answer.status < 300 && !isConfirmed(text, sent.lines))
            deliveries.allowAgain(sent.post.contentId, sent.post);
          await boundaries.cross({ service, applied: true });
          return text;
        },
      };
    },
    close: () => real.close(),
    lastPost: (contentId) => lastPosts.get(contentId),
    forgetPost: (contentId) => lastPosts.delete(contentId),
  };
}

async function* crossing(
  body: AsyncIterable<Buffer>,
  service: Service,
  boundaries: Boundaries,
): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    await boundaries.cross({ service, applied: true });
    yield chunk;
  }
}

function linesOf(body: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < body.length; ) {
    const end = body.indexOf(0x0a, start);
    lines.push(body.subarray(start, end < 0 ? body.length : end));
    if (end < 0) break;
    start = end + 1;
  }
  return lines;
}
