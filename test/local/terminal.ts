/** Lines for a person: one that refreshes at the bottom, and others that stay above it. */
export interface Terminal {
  /** A line that stays. */
  say(line: string): void;
  /** Replaces the line at the bottom; without a terminal it is printed every ten seconds. */
  refresh(line: string): void;
}

const plainIntervalMs = 10_000;

export function createTerminal(output: NodeJS.WriteStream): Terminal {
  let bottom = '';
  let printedAt = Number.NEGATIVE_INFINITY;

  return {
    say(line) {
      output.write(output.isTTY && bottom !== '' ? `\r\x1b[K${line}\n${bottom}` : `${line}\n`);
    },
    refresh(line) {
      if (output.isTTY) {
        bottom = line.slice(0, output.columns - 1);
        output.write(`\r\x1b[K${bottom}`);
      } else if (performance.now() - printedAt >= plainIntervalMs) {
        printedAt = performance.now();
        output.write(`${line}\n`);
      }
    },
  };
}
