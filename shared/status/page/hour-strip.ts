import type { HourState, HourStatus } from '../status.ts';
import { type Html, html } from './html.ts';
import { numberText } from './numbers.ts';

/** Class, and words for the legend, of each state of an hour. */
const looks: Readonly<Record<HourState, readonly [className: string, words: string]>> = {
  none: ['none', 'nothing created'],
  complete: ['complete', 'complete: all of it arrived or is gone at Microsoft, and the sums balance'],
  running: ['running', 'under way'],
  waiting: ['waiting', 'contents are waiting'],
  quarantined: ['aside', 'contents are set aside'],
  expired: ['expired', 'contents expired before they could be forwarded'],
  unbalanced: ['unbalanced', 'the sums do not balance'],
  lost: ['lost', 'never listed'],
};

const columns = 24;
const cell = { width: 11, height: 10, gap: 1.5 };
const left = 34;
const top = 12;

/** The last seven days, a row a day and a cell an hour, by what became of the hour; with a table that says the same. */
export function hourStrip(hours: readonly HourStatus[]): Html {
  const days = Map.groupBy(hours, ({ hour }) => hour.slice(0, 10));
  const rows = [...days].map(([day, own], row) => {
    const y = top + row * (cell.height + cell.gap);
    return html`<text x="0" y="${y + 8.5}">${day.slice(5)}</text>${own.map((hour) => hourCell(hour, y))}`;
  });
  const width = left + columns * (cell.width + cell.gap);
  const height = top + days.size * (cell.height + cell.gap);
  const marks = [0, 6, 12, 18].map((at) => html`<text x="${columnX(at)}" y="8">${String(at).padStart(2, '0')}h</text>`);
  return html`<figure><figcaption>The last 7 days by hour of creation (UTC)</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${summaryOf(hours)}">${marks}${rows}</svg>
${legendOf(hours)}</figure>
<details><summary>The same as a table</summary><div class="scroll"><table><thead><tr><th scope="col">day</th><th scope="col">listed</th>
<th scope="col">forwarded</th><th scope="col">gone</th><th scope="col">expired</th><th scope="col">open</th><th scope="col">set aside</th></tr></thead>
<tbody>${[...days].map(([day, own]) => dayRow(day, own))}</tbody></table></div></details>`;
}

function columnX(hour: number): number {
  return left + hour * (cell.width + cell.gap);
}

function hourCell(hour: HourStatus, y: number): Html {
  const [className, words] = looks[hour.state];
  const at = Number(hour.hour.slice(11, 13));
  const pending = [
    hour.open > 0 ? `, ${numberText(hour.open)} open` : '',
    hour.quarantined > 0 ? `, ${numberText(hour.quarantined)} set aside` : '',
  ].join('');
  const title = `${hour.hour.replace('T', ' ')}:00 UTC: ${words}; ${numberText(hour.listed)} listed${pending}`;
  return html`<rect class="h-${className}" x="${columnX(at)}" y="${y}" width="${cell.width}" height="${cell.height}" rx="1.5"><title>${title}</title></rect>`;
}

/** What somebody hears who does not see the strip. */
function summaryOf(hours: readonly HourStatus[]): string {
  const counts = Map.groupBy(hours, ({ state }) => state);
  const parts = [...counts].map(([state, own]) => `${own.length} hours: ${looks[state][1]}`);
  return `Of the last ${hours.length} hours, ${parts.join('; ')}.`;
}

function legendOf(hours: readonly HourStatus[]): Html {
  const states = new Set(hours.map(({ state }) => state));
  const items = (Object.keys(looks) as HourState[]).filter((state) => states.has(state));
  return html`<ul class="legend">${items.map((state) => {
    const [className, words] = looks[state];
    return html`<li><svg viewBox="0 0 1 1" aria-hidden="true"><rect class="h-${className}" width="1" height="1"/></svg>${words}</li>`;
  })}</ul>`;
}

function dayRow(day: string, hours: readonly HourStatus[]): Html {
  const sum = (name: 'listed' | 'forwarded' | 'gone' | 'expired' | 'open' | 'quarantined') =>
    numberText(hours.reduce((total, hour) => total + (hour[name] ?? 0), 0));
  return html`<tr><th scope="row">${day}</th><td>${sum('listed')}</td><td>${sum('forwarded')}</td><td>${sum('gone')}</td><td>${sum('expired')}</td><td>${sum('open')}</td><td>${sum('quarantined')}</td></tr>`;
}
