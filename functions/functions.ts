import type { app } from '@azure/functions';
import type { Collector } from '../shared/collector.ts';
import type { Settings } from '../shared/settings/settings.ts';

/** What every registration needs. */
export interface Functions {
  readonly app: typeof app;
  readonly collector: Collector;
  readonly settings: Settings;
}
