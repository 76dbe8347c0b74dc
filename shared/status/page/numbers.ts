let grouped: Intl.NumberFormat | undefined;

/** Made when first used: the first of its kind takes 15 ms, which every start of the app would pay. */
function group(value: number): string {
  grouped ??= new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
  return grouped.format(value);
}

/** `12,345`. */
export function numberText(count: number): string {
  return group(count);
}

/** `3.2 GB`, in powers of a thousand. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${group(bytes / 1000 ** power)} ${units[power]}`;
}

/** `2026-11-22 15:04 UTC`, of an ISO time. */
export function timeText(iso: string | null): string {
  return iso === null ? '–' : `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
