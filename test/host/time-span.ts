const timeSpan = /^(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?$/;

/** Milliseconds of a .NET time span `[days.]hh:mm[:ss[.fraction]]`, as host.json writes durations; undefined if it is none. */
export function parseTimeSpan(text: string): number | undefined {
  const match = timeSpan.exec(text.trim());
  if (match === null) {
    return undefined;
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1, 5).map((part) => Number(part ?? 0));
  if (hours > 23 || minutes > 59 || seconds > 59) {
    return undefined;
  }
  const fraction = Number(`0.${match[5] ?? 0}`);
  return Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds + fraction) * 1000);
}
