import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';

const intervalMicroseconds = 500;

/** Profiles this process from now on; call what it returns to end that and write the file, a .cpuprofile. */
export async function profile(file: string): Promise<() => Promise<void>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: intervalMicroseconds });
  await session.post('Profiler.start');
  return async () => {
    const ended = await session.post('Profiler.stop');
    session.disconnect();
    await writeFile(file, JSON.stringify(ended.profile));
  };
}
