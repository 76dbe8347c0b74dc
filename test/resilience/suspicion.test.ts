import { describe, expect, it } from 'vitest';
import type { GateFault } from '../../shared/resilience/gates.ts';
import { createSuspicion } from '../../shared/resilience/suspicion.ts';

const fault: GateFault = { gate: { kind: 'download', tenantId: 'a-tenant' }, enough: 3 };
const elsewhere: GateFault = { gate: { kind: 'download', tenantId: 'another-tenant' }, enough: 3 };

describe('a fault is taken for one that all meet', () => {
  it('when three different contents failed at the same gate and nothing got through', () => {
    const suspicion = createSuspicion();
    expect(suspicion.failed(fault, 'one')).toBe('unknown');
    expect(suspicion.failed(fault, 'one')).toBe('unknown');
    expect(suspicion.failed(elsewhere, 'two')).toBe('unknown');
    expect(suspicion.failed(fault, 'two')).toBe('unknown');
    suspicion.passed([elsewhere.gate]);
    expect(suspicion.failed(fault, 'three')).toBe('all');
    expect(suspicion.failed(fault, 'one')).toBe('all');
  });

  it('but not when something got through in between', () => {
    const suspicion = createSuspicion();
    suspicion.failed(fault, 'one');
    suspicion.failed(fault, 'two');
    suspicion.passed([fault.gate]);
    expect(suspicion.failed(fault, 'three')).toBe('unknown');
  });

  it('and never because of contents that failed before something got through', () => {
    const suspicion = createSuspicion();
    const contents = ['one', 'two', 'three', 'four', 'five'];
    for (const contentId of contents) suspicion.failed(fault, contentId);
    suspicion.passed([fault.gate]);
    for (const contentId of [...contents, ...contents]) expect(suspicion.failed(fault, contentId)).toBe('content');
    for (const contentId of ['six', 'seven']) expect(suspicion.failed(fault, contentId)).toBe('unknown');
    expect(suspicion.failed(fault, 'eight')).toBe('all');
  });

  it('at once where one content is enough, unless it is known to fail on its own account', () => {
    const suspicion = createSuspicion();
    const strict: GateFault = { ...fault, enough: 1 };
    expect(suspicion.failed(strict, 'one')).toBe('all');
    suspicion.passed([fault.gate]);
    expect(suspicion.failed(strict, 'one')).toBe('content');
    expect(suspicion.failed(strict, 'two')).toBe('all');
  });

  it('always where it cannot be the content', () => {
    const suspicion = createSuspicion();
    const certain: GateFault = { ...fault, enough: 0 };
    expect(suspicion.failed(certain, 'one')).toBe('all');
    suspicion.passed([fault.gate]);
    expect(suspicion.failed(certain, 'one')).toBe('all');
  });
});
