import { shiftClock } from './shifted-clock.ts';

// Loaded by --import, before anything else of the process.
shiftClock(Number(process.env['CLOCK_SHIFT_MS'] ?? 0));
