import { expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

it('measures everything by default, and then only is complete', () => {
  expect(readArguments([])).toMatchObject({ complete: true, quick: false, rounds: undefined, apps: {} });
  expect(readArguments(['--sizes', '50']).parts).toEqual(['forwarding']);
  for (const option of [['--quick'], ['--sizes', '50'], ['--app', 'other=/tmp/other']]) {
    expect(readArguments(option).complete).toBe(false);
  }
});

it('chooses in the order of the tables', () => {
  const args = readArguments(['--only', 'relay, collector', '--sizes', '1GB,50', '--rounds', '2', '--parts', 'start']);
  expect(args).toMatchObject({
    variants: ['collector', 'relay'],
    sizes: ['50', '1GB'],
    rounds: 2,
    parts: ['start'],
  });
});

it('refuses what it does not know', () => {
  expect(() => readArguments(['--only', 'collectr'])).toThrow('--only does not know collectr');
  expect(() => readArguments(['--rounds', '0'])).toThrow('--rounds takes a whole number');
  expect(() => readArguments(['--app', '/tmp/other'])).toThrow('--app takes NAME=DIR');
});
