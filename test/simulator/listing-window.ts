/** The window a listing asks for, or the code with which it is refused. */
export type WindowReading =
  | { readonly from: number; readonly to: number; readonly misuse?: string }
  | {
      readonly code: 'AF20002' | 'AF20030' | 'AF20055';
      readonly details: readonly string[];
      readonly misuse: string;
    };

const hour = 3_600_000;
const documented = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?$/;

/** Reads [startTime, endTime) as strictly as the strictest tenants do: under 24 hours, at most 7 days back. */
export function readWindow(
  startText: string | undefined,
  endText: string | undefined,
  serverNow: number,
): WindowReading {
  if (startText === undefined && endText === undefined) return { from: serverNow - 24 * hour, to: serverNow };
  if (startText === undefined || endText === undefined) {
    return { code: 'AF20030', details: [], misuse: 'only one of startTime and endTime' };
  }
  const from = timeOf(startText);
  const to = timeOf(endText);
  if (Number.isNaN(from) || Number.isNaN(to)) {
    const wrong = Number.isNaN(from) ? startText : endText;
    return { code: 'AF20002', details: [wrong, 'DateTime'], misuse: `malformed time ${wrong}` };
  }
  const window = `${startText} to ${endText}`;
  if (to <= from) return { code: 'AF20055', details: [], misuse: `startTime is not before endTime: ${window}` };
  if (to - from > 24 * hour) return { code: 'AF20030', details: [], misuse: `window wider than 24 hours: ${window}` };
  if (to - from === 24 * hour) return { code: 'AF20055', details: [], misuse: `window of exactly 24 hours: ${window}` };
  if (from < serverNow - 7 * 24 * hour) {
    return { code: 'AF20055', details: [], misuse: `start more than 7 days back: ${window}` };
  }
  const wellWritten = documented.test(startText) && documented.test(endText);
  return wellWritten ? { from, to } : { from, to, misuse: `time in an undocumented format: ${window}` };
}

/** Milliseconds since 1970 of a time that has no zone and is UTC; NaN when it is none. */
function timeOf(text: string): number {
  if (documented.test(text)) return Date.parse(text.length === 10 ? text : `${text}Z`);
  return /^\d{4}-/.test(text) ? Date.parse(/Z$|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`) : Number.NaN;
}
