import { CollectorError } from '../errors.ts';
import { remedies } from '../remedies.ts';

/** What is wrong with the settings, gathered until everything has been read. */
export interface Problems {
  /** Notes one problem; the same one twice is noted once. `setting` is the name that the operator typed. */
  add(setting: string, message: string): void;
  /** The problems so far, each such as `CLOUD: is not a known cloud; expected …`. */
  readonly found: readonly string[];
  /** Notes those that were found elsewhere. */
  include(found: readonly string[]): void;
  /** @throws CollectorError `settings_invalid` with one line a problem, when there is any. */
  throwIfAny(): void;
}

/** An empty list of problems. */
export function createProblems(): Problems {
  const lines = new Set<string>();
  return {
    add(setting, message) {
      lines.add(`${setting}: ${message}`);
    },
    get found() {
      return [...lines];
    },
    include(found) {
      for (const line of found) lines.add(line);
    },
    throwIfAny() {
      if (lines.size === 0) return;
      const message = [
        `The app does not start, because of ${lines.size === 1 ? 'one setting' : `${lines.size} problems in its settings`}:`,
        ...[...lines].map((line) => `- ${line}`),
        remedies.settings_invalid,
      ].join('\n');
      throw new CollectorError(message, {
        code: 'settings_invalid',
        disposition: 'fault',
      });
    },
  };
}

/** The one form of a problem: what is wrong, what was expected, what to do. */
export function problem(wrong: string, expected: string, remedy: string): string {
  return `${wrong}; expected ${expected}. ${remedy}`;
}

/**
 * A name in quotes, or only its length where it could be a secret in the wrong place: those have digits or are long.
 */
export function shown(value: string): string {
  const isName = value.length <= 40 && /^[A-Za-z]+([ ._-][A-Za-z]+)*$/.test(value);
  return isName ? `"${value}"` : `(${value.length} characters, not shown)`;
}
