import { styleText } from 'node:util';
import type { Check, CheckStatus, Examination } from '../../shared/doctor/check.ts';

const marks: Readonly<Record<CheckStatus, readonly [mark: string, colour: 'green' | 'yellow' | 'red']>> = {
  ok: ['✔', 'green'],
  warning: ['▲', 'yellow'],
  failed: ['✖', 'red'],
};
const labelWidth = 14;
const indent = ' '.repeat(labelWidth + 4);

/**
 * An examination for a person, line by line: what concerns all first, then tenant by tenant.
 *
 * @param columns width of the terminal, in characters
 * @param output where it is going to: without colours for what is no terminal, or with NO_COLOR
 */
export function reportLines(examination: Examination, columns: number, output: NodeJS.WritableStream): string[] {
  const colour = (name: 'green' | 'yellow' | 'red' | 'bold', text: string) => styleText(name, text, { stream: output });
  const lines: string[] = [];
  let tenantId: string | undefined;
  for (const check of examination.checks) {
    if (check.tenantId !== tenantId) {
      lines.push('', colour('bold', tenantOf(check)));
      tenantId = check.tenantId;
    }
    const [mark, markColour] = marks[check.status];
    const [first = '', ...more] = wrap(messageOf(check), columns - indent.length);
    lines.push(`  ${colour(markColour, mark)} ${check.check.padEnd(labelWidth)}${first}`);
    lines.push(...more.map((line) => indent + line));
    if (check.remedy !== undefined && check.status !== 'ok') {
      const [remedy = '', ...rest] = wrap(check.remedy, columns - indent.length - 2);
      lines.push(`${indent}${colour(markColour, '→')} ${remedy}`, ...rest.map((line) => `${indent}  ${line}`));
    }
  }
  const count = (status: CheckStatus) => examination.checks.filter((check) => check.status === status).length;
  const [mark, markColour] = marks[examination.status];
  const sums = `${count('failed')} failed, ${count('warning')} to look at, ${count('ok')} ok`;
  return [...lines, '', `${colour(markColour, mark)} ${sums}`];
}

function tenantOf({ tenant, tenantId }: Check): string {
  return tenant === tenantId ? `Tenant ${tenantId}` : `Tenant ${tenant} (${tenantId})`;
}

function messageOf({ contentType, message }: Check): string {
  return contentType === undefined ? message : `${contentType}: ${message}`;
}

/** Breaks at spaces; a word that is longer than the line, such as an address, stays whole. */
function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [''];
    for (const word of paragraph.split(' ')) {
      const last = lines.length - 1;
      const line = lines[last] ?? '';
      if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
      else lines[last] = line === '' ? word : `${line} ${word}`;
    }
    return lines;
  });
}
