import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import type { Answer } from '../shared/operating/answer.ts';
import type { Run } from '../shared/telemetry/run.ts';
import { withRun } from './run.ts';

/** Answers a request with JSON that nobody in between keeps. */
export async function answer(
  context: InvocationContext,
  work: (run: Run) => Promise<Answer>,
): Promise<HttpResponseInit> {
  const { status, body } = await withRun(context, work);
  return { status, jsonBody: body, headers: { 'Cache-Control': 'no-store' } };
}

/** The request's body, undefined where it is not JSON. */
export async function bodyOf(request: HttpRequest): Promise<unknown> {
  try {
    return JSON.parse(await request.text());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
