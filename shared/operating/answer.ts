import type { CollectorError } from '../errors.ts';

/** What an administrator is answered: an HTTP status and a body of JSON. */
export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** What is wrong with a request, a sentence each. */
export class Problems extends Error {
  override readonly name = 'Problems';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join(' '));
    this.problems = problems;
  }
}

/** 400: the request asks for what there is not, or not in the form that is understood. */
export function refusal(problems: readonly string[]): Answer {
  return { status: 400, body: { problems } };
}

/** 503: it cannot be told or done at present, because of a service. */
export function failure({ code, message, remedy }: CollectorError): Answer {
  return { status: 503, body: { problems: [message], code, remedy } };
}
