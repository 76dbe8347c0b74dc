import { setTimeout as sleep } from 'node:timers/promises';
import { startAzurite } from '../host/azurite.ts';
import { shownLogLine } from './app-log.ts';
import { type HostProcess, startHostProcess } from './host-process.ts';
import { createLedgerView, type LedgerCounts } from './ledger-view.ts';
import { type Look, statusLine } from './status-line.ts';
import type { Terminal } from './terminal.ts';

/** The app on its host, with an emulated storage account, watched. */
export interface Pipeline {
  readonly host: HostProcess;
  /** Shows the status until the signal is aborted or the host ends. @throws when the host ended by itself. */
  watch(signal: AbortSignal, eachSecond?: () => void): Promise<void>;
  counts(): Promise<LedgerCounts>;
  stop(): Promise<void>;
}

const lookEveryMs = 1_000;
/** The rates are those of the last so many looks. */
const looksForRates = 5;

/** Starts storage and app; both end with `stop`. */
export async function startPipeline(settings: Readonly<Record<string, string>>, terminal: Terminal): Promise<Pipeline> {
  const azurite = await startAzurite();
  const view = createLedgerView(azurite.connectionString);
  const host = await startHostProcess({
    settings: { ...settings, AzureWebJobsStorage: azurite.connectionString },
    onLine(line) {
      const shown = shownLogLine(line);
      if (shown) terminal.say(shown);
    },
  }).catch(async (error: unknown) => {
    await azurite.stop();
    throw error;
  });
  terminal.say(`Status page: ${host.statusAddress}`);
  const looks: Look[] = [];

  async function look(): Promise<void> {
    // There is no ledger before the first run.
    const counts = await view.read().catch(() => undefined);
    if (!counts) return;
    const now = { at: performance.now(), counts };
    looks.push(now);
    if (looks.length > looksForRates) looks.shift();
    terminal.refresh(statusLine(looks[0] ?? now, now));
  }

  return {
    host,
    async watch(signal, eachSecond = () => undefined) {
      let ended: string | undefined;
      void host.ended.then((how) => {
        ended = how;
      });
      while (!signal.aborted) {
        if (ended !== undefined) throw new Error(`The host ended by itself (${ended})`);
        eachSecond();
        await look();
        await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
      }
    },
    counts: () => view.read(),
    async stop() {
      await host.stop();
      await azurite.stop();
    },
  };
}
