import { readFileSync, writeFileSync } from 'node:fs';
import { profile } from './cpu-profile.ts';

/** What one phase cost the process that ran it. */
export interface Measured {
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  readonly peakRssBytes: number;
}

/** Commands that measure the process they run in. */
export interface Measuring {
  /** Resident memory after a garbage collection. */
  readonly idle: () => number;
  /** @param profileFile where a CPU profile of the phase goes. */
  readonly begin: (profileFile?: string) => Promise<void>;
  readonly end: () => Promise<Measured>;
}

const sampleMs = 20;

/** The commands of the process it is called in. Wall clock is for the starting process to measure. */
export function createMeasuring(): Measuring {
  let cpu = process.cpuUsage();
  let sampled = 0;
  let kernelCounts = false;
  let timer: NodeJS.Timeout | undefined;
  let endProfile: (() => Promise<void>) | undefined;

  const sample = (): void => {
    sampled = Math.max(sampled, process.memoryUsage.rss());
  };

  return {
    idle() {
      globalThis.gc?.();
      return process.memoryUsage.rss();
    },
    async begin(profileFile) {
      globalThis.gc?.();
      // What is undefined comes as null from another process.
      if (profileFile) endProfile = await profile(profileFile);
      sampled = 0;
      kernelCounts = resetHighWaterMark();
      sample();
      timer = setInterval(sample, sampleMs);
      cpu = process.cpuUsage();
    },
    async end() {
      const { user, system } = process.cpuUsage(cpu);
      clearInterval(timer);
      sample();
      await endProfile?.();
      endProfile = undefined;
      const peakRssBytes = kernelCounts ? Math.max(sampled, highWaterMark()) : sampled;
      return { cpuSeconds: (user + system) / 1e6, peakRssBytes };
    },
  };
}

/** Linux notes the peak itself, without gaps, and forgets it on request. Source: proc(5), clear_refs. */
function resetHighWaterMark(): boolean {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return highWaterMark() <= process.memoryUsage.rss() * 1.05;
  } catch {
    return false;
  }
}

function highWaterMark(): number {
  const found = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(found?.[1] ?? 0) * 1024;
}
