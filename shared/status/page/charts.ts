import { durationText } from '../../durations.ts';
import type { HourStatus } from '../status.ts';
import { type Html, html } from './html.ts';
import { numberText } from './numbers.ts';

const height = 40;

/** Contents created in each of the last hours, as bars; nothing when there are none. */
export function throughputChart(hours: readonly HourStatus[]): Html | undefined {
  const most = Math.max(1, ...hours.map(({ listed }) => listed));
  const total = hours.reduce((sum, { listed }) => sum + listed, 0);
  if (total === 0) return undefined;
  const bars = hours.map(({ listed }, index) => {
    const size = (listed / most) * height;
    return listed === 0
      ? undefined
      : html`<rect class="bar" x="${index}" y="${size < 1 ? height - 1 : height - size}" width=".8" height="${Math.max(1, size)}"/>`;
  });
  const label = `Contents an hour: ${numberText(most)} at the most, ${numberText(total)} in all.`;
  return html`<figure><figcaption>Contents an hour, at most ${numberText(most)}</figcaption>
<svg class="chart" viewBox="0 0 ${hours.length} ${height}" preserveAspectRatio="none" role="img" aria-label="${label}">${bars}</svg></figure>`;
}

/** Mean lag of each judged hour, as a line; nothing when none is judged. */
export function lagChart(hours: readonly HourStatus[]): Html | undefined {
  const known = hours.flatMap(({ lagMeanSeconds }, index) =>
    lagMeanSeconds === null ? [] : [{ index, seconds: lagMeanSeconds }],
  );
  if (known.length === 0) return undefined;
  const most = Math.max(1, ...known.map(({ seconds }) => seconds));
  const points = known.map(({ index, seconds }) => `${index + 0.5},${height - (seconds / most) * (height - 2) - 1}`);
  // A single point would be invisible.
  if (known.length === 1 && known[0]) points.push(`${known[0].index + 0.9},${points[0]?.split(',')[1] ?? 0}`);
  const longest = durationText(most * 1000);
  const worst = Math.max(...hours.map(({ lagMaxSeconds }) => lagMaxSeconds ?? 0));
  const label = `Mean time from creation to acceptance: at most ${longest}; the slowest single content took ${durationText(worst * 1000)}.`;
  return html`<figure><figcaption>From creation to acceptance, mean of an hour, at most ${longest}</figcaption>
<svg class="chart" viewBox="0 0 ${hours.length} ${height}" preserveAspectRatio="none" role="img" aria-label="${label}"><polyline class="lag" points="${points.join(' ')}"/></svg></figure>`;
}
