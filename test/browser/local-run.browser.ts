import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { openChromium } from './chromium.ts';

const root = join(import.meta.dirname, '..', '..');

it('the local run prints the address of its status page, which shows what arrives', async () => {
  const run = spawn(process.execPath, ['--disable-warning=DEP0040', join(root, 'test', 'local', 'main.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    const ended = once(run, 'exit');
    run.kill('SIGINT');
    await ended;
  });
  const address = await new Promise<string>((resolve) => {
    createInterface({ input: run.stdout }).on('line', (line) => {
      const [, found] = /^Status page: (\S+)/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const { context, close } = await openChromium({ width: 1280, colorScheme: 'light' });
  onTestFinished(close);
  const page = await context.newPage();
  await expect
    .poll(
      async () => {
        await page.goto(address);
        return page.locator('article .head .word.ok').count();
      },
      { timeout: 60_000, interval: 2_000 },
    )
    .toBe(5);
  await page.screenshot({ path: join(import.meta.dirname, 'shots', 'local-run.png'), fullPage: true });
});
