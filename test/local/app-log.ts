/** A line of the app's log worth showing to a person: its warnings and errors, and lines that are no log at all. */
export function shownLogLine(line: string): string | undefined {
  const entry = parse(line);
  if (!entry) return line;
  if (entry['level'] !== 'warning' && entry['level'] !== 'error') return undefined;
  const event = parse(String(entry['message']));
  if (!event) return String(entry['message']);
  const about = [event['tenant'], event['contentType'], event['contentId']].filter((part) => part !== undefined);
  return `${String(event['event'])} ${about.join(' ')}: ${[event['message'], event['remedy']].filter(Boolean).join(' ')}`;
}

function parse(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
