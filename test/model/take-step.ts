import { apiFault, intakeFault } from './faults-of-steps.ts';
import type { Instance } from './instance.ts';
import { type ModelWorld, modelTypes } from './model-world.ts';
import { publishContent } from './publishing.ts';
import type { Step } from './steps.ts';

/** Of a function. */
const deadlineMs = 8 * 60_000;

/** Lets a step happen, and returns once nothing goes on by itself. */
export async function takeStep(world: ModelWorld, step: Step): Promise<void> {
  const { simulator, tenant, queue } = world;
  switch (step.do) {
    case 'publish':
      for (const content of step.contents) publishContent(world, content);
      return;
    case 'work':
      return work(world, step);
    case 'thaw': {
      const instance = world.frozen(step.instance);
      if (instance) await thaw(instance, step.deadline);
      return queue.finish();
    }
    case 'restart':
      return world.stop(step.instance);
    case 'lose':
      for (const message of await queue.receive(step.messages)) await queue.lose(message);
      return;
    case 'double':
      for (const message of await queue.receive(step.messages)) await queue.double(message);
      return;
    case 'api-fault':
      simulator.office.faults.add({ ...apiFault(step.fault), skip: step.skip, times: step.times });
      return;
    case 'intake-fault':
      simulator.siem.faults.add({ ...intakeFault(step.fault), skip: step.skip, times: step.times });
      return;
    case 'outage': {
      const until = Date.now() + step.minutes * 60_000;
      const { answer } = step.of === 'api' ? apiFault('server-error') : intakeFault('unavailable');
      const { faults } = step.of === 'api' ? simulator.office : simulator.siem;
      faults.add({ answer, until });
      return;
    }
    case 'disable':
      tenant.subscriptions.disable(modelTypes[step.type]);
      return;
    case 'limit':
      simulator.siem.maxBytes = step.bytes;
      world.halving = true;
      return;
    case 'wait':
      world.advance(step.minutes);
  }
}

/** A request to the API that has not left the process by its deadline does not leave it. */
export async function thaw(instance: Instance, deadline: boolean): Promise<void> {
  const { frozenAt } = instance.boundaries;
  instance.boundaries.thaw();
  const late = frozenAt?.service === 'api' && Date.now() - frozenAt.since > deadlineMs;
  if (deadline || late) instance.reachDeadline();
  await instance.untilQuiet();
}

async function work(world: ModelWorld, step: Step & { readonly do: 'work' }): Promise<void> {
  const { queue } = world;
  const one = await world.instance(step.instance);
  const other = step.both ? await world.instance(1 - step.instance) : one;
  if (step.mishap) one.boundaries.arm(step.mishap);
  if (step.list) one.list();
  if (step.reconcile) other.reconcile();
  const messages = await queue.receive(step.forward);
  for (const [index, message] of messages.entries()) {
    await queue.deliver(index % 2 === 0 ? one : other, message, step.forgetful);
  }
  await Promise.all([one.untilQuiet(), other === one ? undefined : other.untilQuiet()]);
  one.boundaries.disarm();
  await queue.finish();
}
