import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

/** A width and a colour scheme in which a page is looked at. */
export interface View {
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
}

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
// Without these it looks for updates and hosts of its maker at every start.
const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];

/** Starts Chromium with a profile of its own; `close` ends it and removes that. @throws when there is no Chromium. */
export async function openChromium(view: View): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const executablePath = process.env['CHROMIUM'] ?? places.find((place) => existsSync(place));
  if (!executablePath) throw new Error('There is no Chromium; install it, or name its executable in CHROMIUM.');
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [...quiet, '--no-sandbox', '--disable-gpu', '--disable-sync'],
    viewport: { width: view.width, height: 900 },
    colorScheme: view.colorScheme,
    reducedMotion: 'reduce',
  });
  return {
    context,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
