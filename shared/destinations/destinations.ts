import type { DestinationSettings } from '../settings/settings.ts';
import type { Destination } from './destination.ts';
import { createSekoia } from './sekoia.ts';

/** The destinations there are; a new one is its file and a line here. */
export function createDestination(settings: DestinationSettings): Destination {
  switch (settings.type) {
    case 'sekoia':
      return createSekoia(settings);
  }
}
