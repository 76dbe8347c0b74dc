import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createScenario, type ScenarioOptions, type ScenarioWorld } from '../scenarios/scenario-world.ts';
import { refusedWith } from '../simulator/api-faults.ts';
import { openChromium, type View } from './chromium.ts';

const settings = { CONTENT_TYPES: 'Audit.Exchange,Audit.General' };
const shots = join(import.meta.dirname, 'shots');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const views: readonly View[] = [
  { width: 360, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 2560, colorScheme: 'light' },
];

/** Publishes as a busy tenant does: much on workday mornings, little at night. */
function publishDays(world: ScenarioWorld, hours: number): void {
  for (let ago = hours; ago >= 0; ago -= 1) {
    const at = world.at(-60 * ago);
    const busy = 2 + Math.round(6 * Math.max(0, Math.sin(((at.getUTCHours() - 5) / 14) * Math.PI)));
    for (let content = 0; content < busy; content += 1) {
      world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-60 * ago + content * 5), records: 3 });
    }
    if (ago % 3 === 0)
      world.tenant.publish({ contentType: 'Audit.General', createdAt: world.at(-60 * ago), records: 3 });
  }
}

interface Case extends ScenarioOptions {
  readonly word: string;
  readonly prepare?: (world: ScenarioWorld) => Promise<void>;
}

const cases: Readonly<Record<string, Case>> = {
  empty: { word: 'quiet' },
  healthy: {
    word: 'ok',
    settings: { ...settings, BACKFILL_HOURS: '167' },
    async prepare(world) {
      publishDays(world, 166);
      await world.runFor(30, 10);
    },
  },
  behind: {
    word: 'behind',
    async prepare(world) {
      publishDays(world, 20);
      world.simulator.office.faults.add({
        match: { operation: 'download', contentType: 'Audit.General' },
        answer: refusedWith('AF20050'),
      });
      await world.runFor(40, 5);
    },
  },
  paused: {
    word: 'paused',
    async prepare(world) {
      publishDays(world, 20);
      await world.runFor(10, 5);
      publishDays(world, 0);
      world.simulator.siem.down();
      await world.runFor(30, 5);
    },
  },
  broken: {
    word: 'broken',
    async prepare(world) {
      publishDays(world, 20);
      await world.runFor(10, 5);
      world.simulator.login.revokeTokens();
      world.simulator.login.refuseNext(7000222, 1_000);
      await world.runFor(20, 5);
    },
  },
  'many tenants': {
    word: 'broken',
    tenants: 12,
    async prepare(world) {
      const [, second] = world.simulator.tenants;
      world.simulator.login.refuseNext(7000229, 1_000, second);
      for (const tenant of world.simulator.tenants) {
        tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-20), records: 3 });
      }
      await world.runFor(5);
    },
  },
};

/** Opens the status page of a world; whatever the page complains of, or asks of others, is in `troubles`. */
async function open(world: ScenarioWorld, view: View): Promise<{ page: Page; troubles: string[] }> {
  const { context, close } = await openChromium(view);
  onTestFinished(close);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  const { url = '', functionKey = '' } = world.host.http ?? {};
  page.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith(url) || !asked.includes('/api/status')) troubles.push(`asked for ${asked}`);
  });
  // Asked of every host by a browser, of which the page knows nothing.
  await page.route('**/favicon.ico', (route) => route.abort());
  await page.goto(`${url}/api/status?code=${functionKey}`);
  return { page, troubles };
}

describe('the status page', () => {
  it.each(Object.entries(cases))('%s, in each width and colour scheme', async (name, { word, prepare, ...options }) => {
    const world = await createScenario({ settings, ...options });
    await prepare?.(world);
    mkdirSync(shots, { recursive: true });
    for (const view of views) {
      const { page, troubles } = await open(world, view);
      expect(await page.locator('.overall').innerText()).toBe(word);
      const wider = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect(wider, `${view.width} px`).toBeLessThanOrEqual(0);
      const { violations } = await page.evaluate<AxeResults>(`${axe}; axe.run()`);
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      await page.screenshot({ path: join(shots, `${name}-${view.width}-${view.colorScheme}.png`), fullPage: true });
      expect(troubles.filter((trouble) => !trouble.includes('favicon'))).toEqual([]);
    }
  });

  it('can be used with the keyboard alone, and leads from the overview to a tenant and keeps the key', async () => {
    const world = await createScenario({ settings, tenants: 12 });
    await world.runFor(2);
    const { page } = await open(world, { width: 1280, colorScheme: 'light' });
    // Behind the link that renews the page stands the first tenant.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/tenant=.*code=/);
    expect(await page.locator('article').count()).toBe(2);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY');
    await page.keyboard.press('Enter');
    expect(await page.locator('details[open] table').first().isVisible()).toBe(true);
  });
});
