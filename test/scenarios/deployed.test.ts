import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { expectEverythingOnce } from './expectations.ts';
import { createScenario } from './scenario-world.ts';

it('runs from what is deployed: host.json, package.json and dist', async () => {
  const appDirectory = await mkdtemp(join(tmpdir(), 'm365-audit-deployed-'));
  onTestFinished(() => rm(appDirectory, { recursive: true }));
  for (const name of ['host.json', 'package.json', 'dist']) {
    await cp(join(import.meta.dirname, '..', '..', name), join(appDirectory, name), { recursive: true });
  }
  const world = await createScenario({ appDirectory });
  world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-5), records: 30 });
  await world.runFor(2);
  expect(await expectEverythingOnce(world)).toMatchObject({ arrived: 30, ledger: { forwarded: 1 } });
});
