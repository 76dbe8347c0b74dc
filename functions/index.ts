import { app } from '@azure/functions';
import { createCollector } from '../shared/collector.ts';
import { createRealWorld } from '../shared/real-world.ts';
import { readSettings } from '../shared/settings/read-settings.ts';
import { registerBackfill } from './backfill.ts';
import { registerCancelJob } from './cancel-job.ts';
import { registerDashboard } from './dashboard.ts';
import { registerDoctor } from './doctor.ts';
import { registerForwardContent } from './forward-content.ts';
import { registerJobs } from './jobs.ts';
import { registerListContent } from './list-content.ts';
import { registerPause } from './pause.ts';
import { registerQuarantine } from './quarantine.ts';
import { registerReconcile } from './reconcile.ts';
import { registerReopenPoisoned } from './reopen-poisoned.ts';
import { registerReplay } from './replay.ts';
import { registerResume } from './resume.ts';
import { registerStatus } from './status.ts';

// A wrong setting throws here and stops the app, with one message that names them all.
const settings = readSettings(process.env);
const collector = createCollector(
  settings,
  createRealWorld((_level, event) => console.log(JSON.stringify(event))),
);
const functions = { app, collector, settings };

const timers = [registerListContent, registerReconcile];
const queues = [registerForwardContent, registerReopenPoisoned];
const orders = [registerBackfill, registerReplay, registerPause, registerResume, registerCancelJob];
const questions = [registerDoctor, registerStatus, registerQuarantine, registerJobs];
for (const register of [...timers, ...queues, ...orders, ...questions]) register(functions);
// Set by Azure while App Service Authentication is on: then, and only then, its headers say who has signed in.
if (process.env['WEBSITE_AUTH_ENABLED']?.toLowerCase() === 'true') registerDashboard(functions);
app.hook.appTerminate(() => collector.stop());
