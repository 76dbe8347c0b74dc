import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { expect, it, onTestFinished } from 'vitest';
import { expectEverythingOnce } from './expectations.ts';
import { createScenario } from './scenario-world.ts';

const root = join(import.meta.dirname, '..', '..');
const content = ['dist/index.cjs', 'dist/index.cjs.LEGAL.txt', 'dist/index.cjs.map', 'host.json', 'package.json'];

/** A folder of its own, outside this repository and its packages. */
async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'm365-audit-deployed-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** The package that `npm run package` makes of what was built. */
async function pack(timeZone: string): Promise<Buffer> {
  const file = join(await temporaryFolder(), 'package.zip');
  const env = { ...process.env, TZ: timeZone };
  await promisify(execFile)(process.execPath, [join(root, '.ci', 'package.mjs'), file], { env });
  return await readFile(file);
}

it('is packed into the same bytes wherever that is done', async () => {
  const here = await pack('UTC');
  expect(here.equals(await pack('Pacific/Auckland'))).toBe(true);
  const files = unzipSync(here);
  expect(Object.keys(files)).toEqual(content);
  expect(JSON.parse(Buffer.from(files['package.json'] ?? []).toString())).not.toHaveProperty('dependencies');
  for (const name of content.slice(0, -1))
    expect((await readFile(join(root, name))).equals(files[name] ?? Buffer.of()), name).toBe(true);
});

it('is what publishing from this folder uploads too', async () => {
  const ignored = (await readFile(join(root, '.funcignore'), 'utf8')).split('\n').filter((line) => /^[^#]/.test(line));
  const patterns = ignored.map((line) => {
    const name = line.replace(/^\//, '').replace(/\/\*?$/, '');
    return new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  });
  const uploaded = (await readdir(root)).filter((name) => !patterns.some((pattern) => pattern.test(name)));
  expect(uploaded.sort()).toEqual(['dist', 'host.json', 'package.json']);
});

it('runs from the package, with nothing else around it', async () => {
  const appDirectory = await temporaryFolder();
  for (const [name, bytes] of Object.entries(unzipSync(await pack('UTC')))) {
    await mkdir(dirname(join(appDirectory, name)), { recursive: true });
    await writeFile(join(appDirectory, name), bytes);
  }
  const world = await createScenario({ appDirectory });
  world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-5), records: 30 });
  await world.runFor(2);
  expect(await expectEverythingOnce(world)).toMatchObject({ arrived: 30, ledger: { forwarded: 1 } });
});
