import type { StorageSettings } from '../settings/settings.ts';
import type { StorageProbe } from '../storage/probe-storage.ts';
import { type Finding, failed, ok, warning } from './check.ts';

/** What probing one part of storage means. */
export function checkStorage(settings: StorageSettings, { part, missing, fault }: StorageProbe): Finding {
  if (fault?.code === 'storage_unavailable' && isEmulator(settings)) {
    return warning(
      part,
      'The storage emulator that AzureWebJobsStorage names (UseDevelopmentStorage=true) does not run.',
      'Nothing for npm run local, which has one of its own. To use Core Tools, start Azurite; in Azure, name a storage account.',
    );
  }
  if (fault) return failed(part, fault);
  if (missing) return ok(part, `Storage answers; the ${part} is not there yet, and the first run creates it.`);
  return ok(part, `Reading and writing the ${part} is allowed.`);
}

function isEmulator(settings: StorageSettings): boolean {
  return (
    settings.kind === 'connection-string' && settings.connectionString.reveal().startsWith('UseDevelopmentStorage=true')
  );
}
