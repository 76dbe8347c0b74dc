import { describe, expect, it } from 'vitest';
import { worstOf } from '../../shared/status/status.ts';
import { type TypeFacts, verdictOf } from '../../shared/status/type-state.ts';
import { anHour, aType } from './pages.ts';

const now = Date.parse('2026-11-20T10:00:00Z');
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
const none = aType().open;

function verdict(changes: Partial<TypeFacts> = {}) {
  const facts = { ...aType(), listedUntil: ago(1), hours: [anHour({ listed: 5 })] };
  return verdictOf({ ...facts, ...changes }, now);
}

const pause = (code: 'api_throttled' | 'login_refused') => ({
  gate: 'tenant',
  since: ago(5),
  until: ago(0),
  code,
  message: `m-${code}`,
  remedy: 'r',
});
const fault = { code: 'subscription_disabled', message: 's', remedy: 'r' } as const;

describe('a content type is', () => {
  it.each([
    ['ok', {}, 'Everything listed arrives: 5 contents'],
    ['quiet', { hours: [anHour()] }, 'nothing was created in the last 24 hours'],
    ['quiet', { listedUntil: null }, 'has not been listed yet'],
    ['behind', { listedUntil: ago(16) }, 'Nothing has been listed for 16 minutes'],
    ['behind', { open: { ...none, contents: 1, oldestListed: ago(20) } }, '1 content wait'],
    ['ok', { open: { ...none, contents: 9, oldestListed: ago(10) } }, 'Everything listed arrives'],
    ['behind', { open: { ...none, contents: 9, more: true, oldestListed: ago(300) } }, 'At least 9 contents wait'],
    ['behind', { quarantined: { ...none, contents: 2, codes: { content_malformed: 2 } } }, '2 contents are set aside'],
    ['paused', { pauses: [pause('api_throttled')] }, 'm-api_throttled'],
    ['broken', { pauses: [pause('api_throttled'), pause('login_refused')] }, 'm-login_refused'],
    ['broken', { subscriptionFault: fault, pauses: [pause('api_throttled')] }, 's'],
  ] as const)('%s with %j', (state, changes, words) => {
    const found = verdict(changes as Partial<TypeFacts>);
    expect(found.state).toBe(state);
    expect(found.sentence).toContain(words);
  });

  it('told with what to do about the commonest failure', () => {
    const codes = { content_malformed: 1, content_missing: 4 };
    expect(verdict({ open: { ...none, contents: 5, oldestListed: ago(90), codes } }).remedy).toContain(
      'report them to Microsoft',
    );
    expect(verdict({ open: { ...none, contents: 5, oldestListed: ago(90) } }).remedy).toContain('it is worked off');
  });
});

it('the worst of some states is what all are; quiet beside ok is no news', () => {
  expect(worstOf([])).toBe('ok');
  expect(worstOf(['quiet', 'quiet'])).toBe('quiet');
  expect(worstOf(['quiet', 'ok'])).toBe('ok');
  expect(worstOf(['ok', 'broken', 'paused'])).toBe('broken');
});
