import { setTimeout as sleep } from 'node:timers/promises';
import { app } from '@azure/functions';
import { createCollector } from '../shared/collector.ts';
import { createHttpClient } from '../shared/http/http-client.ts';
import { readSettings } from '../shared/settings/read-settings.ts';
import type { World } from '../shared/world.ts';
import { registerForwardContent } from './forward-content.ts';
import { registerListContent } from './list-content.ts';
import { registerReconcile } from './reconcile.ts';
import { registerReopenPoisoned } from './reopen-poisoned.ts';

const world: World = {
  http: createHttpClient(),
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    await sleep(ms, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
  },
  random: () => Math.random(),
  log: (_level, event) => console.log(JSON.stringify(event)),
};

// A wrong setting throws here and stops the app, with one message that names them all.
const settings = readSettings(process.env);
const collector = createCollector(settings, world);
const functions = { app, collector, settings };

registerListContent(functions);
registerForwardContent(functions);
registerReconcile(functions);
registerReopenPoisoned(functions);
app.hook.appTerminate(() => collector.stop());
