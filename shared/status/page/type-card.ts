import { durationText } from '../../durations.ts';
import type { PendingSums, TypeStatus } from '../status.ts';
import { lagChart, throughputChart } from './charts.ts';
import { hourStrip } from './hour-strip.ts';
import { type Html, html } from './html.ts';
import { bytesText, numberText, timeText } from './numbers.ts';

/** How it is, in a sentence, and what to do. */
export function verdictText({ state, sentence, remedy, code, pauses }: TypeStatus): Html {
  const what = code === undefined ? '' : ` (${code})`;
  const advice = remedy === undefined ? undefined : html`<p class="remedy ${state}"><span>${remedy}${what}</span></p>`;
  return html`<p>${sentence}</p>${advice}${pauses.map(
    ({ gate, since, until }) =>
      html`<p class="soft">Waiting (${gate}) since ${timeText(since)}; ${gate === 'hand' ? 'until it is resumed' : `tried again ${timeText(until)}`}.</p>`,
  )}`;
}

/** One content type: its state in a word and, where it is not said elsewhere, a sentence; its numbers, its last seven days. */
export function typeCard(type: TypeStatus, told: boolean): Html {
  const { contentType, state, hours } = type;
  return html`<article aria-label="${contentType}"><div class="head"><h3>${contentType}</h3><span class="word ${state}">${state}</span></div>
${told ? verdictText(type) : undefined}
<dl>${numbers(type)}</dl>
${throughputChart(hours)}${lagChart(hours)}${hourStrip(hours)}${lateness(type)}${quarantine(type.quarantined)}${lost(type)}</article>`;
}

function numbers({ sums, open, quarantined, subscription, listedUntil, hours }: TypeStatus): Html[] {
  const last = hours.findLast(({ lagMeanSeconds }) => lagMeanSeconds !== null)?.lagMeanSeconds;
  // So that the first line balances: listed = done + open + set aside.
  const done = sums.forwarded + sums.gone + sums.expired + sums.settled;
  // Records are counted when an hour is judged, three hours after it.
  const judged = hours.some(({ forwarded }) => forwarded !== null) || sums.listed === 0;
  const pairs: readonly (readonly [string, string])[] = [
    ['listed, 7 days', numberText(sums.listed)],
    ['done', numberText(done)],
    ['open', atLeast(open)],
    ['set aside', atLeast(quarantined)],
    ['of these gone', numberText(sums.gone)],
    ['of these expired', numberText(sums.expired)],
    ['records, judged', judged ? numberText(sums.records) : '–'],
    ['volume, judged', judged ? bytesText(sums.bytes) : '–'],
    ['lag', last === null || last === undefined ? '–' : durationText(last * 1000)],
    ['listed until', timeText(listedUntil)],
    ['subscription', subscription.status],
  ];
  return pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
}

function atLeast({ contents, more }: PendingSums): string {
  return `${numberText(contents)}${more ? '+' : ''}`;
}

function lateness({ late }: TypeStatus): Html | undefined {
  const { upTo10Minutes, upTo1Hour, upTo6Hours, upTo24Hours, longer } = late;
  const ranges: readonly (readonly [string, number])[] = [
    ['up to 10 minutes', upTo10Minutes],
    ['up to 1 hour', upTo1Hour],
    ['up to 6 hours', upTo6Hours],
    ['up to 24 hours', upTo24Hours],
    ['longer', longer],
  ];
  const all = ranges.reduce((sum, [, count]) => sum + count, 0);
  if (all === 0) return undefined;
  return html`<details><summary>${numberText(all)} contents appeared late in Microsoft's listings, and were found</summary><div class="scroll"><table><tbody>${ranges.map(
    ([name, count]) => html`<tr><th scope="row">${name}</th><td>${numberText(count)}</td></tr>`,
  )}</tbody></table></div></details>`;
}

function quarantine({ contents, codes }: PendingSums): Html | undefined {
  if (contents === 0) return undefined;
  return html`<details><summary>Why contents are set aside</summary><ul>${Object.entries(codes).map(
    ([code, count]) => html`<li>${code}: ${numberText(count)}</li>`,
  )}</ul></details>`;
}

function lost({ lost: intervals }: TypeStatus): Html[] {
  return intervals.map(
    ({ from, to }) =>
      html`<p class="remedy broken"><span>What was created between ${timeText(from)} and ${timeText(to)} was never listed: take it from a Purview audit log search.</span></p>`,
  );
}
