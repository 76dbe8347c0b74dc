// Makes the zip that is deployed, of dist/ as it was built: `node .ci/package.mjs [FILE]`. The same sources make the same bytes, whatever
// the day, the machine and its time zone, so that a package can be compared with what is said to be its source.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { strToU8, zipSync } from 'fflate';

const root = join(import.meta.dirname, '..');
const outfile = process.argv[2] ?? join(root, 'out', 'm365-audit-collector.zip');

// What the host reads. Without scripts and dependencies there is nothing that a build in Azure would run or install.
const needed = ['name', 'version', 'license', 'private', 'type', 'main', 'engines'];
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const reduced = Object.fromEntries(needed.map((field) => [field, manifest[field]]));

const built = (await readdir(join(root, 'dist'))).map((name) => `dist/${name}`);
const files = {};
for (const name of [...built, 'host.json', 'package.json'].sort()) {
  const bytes =
    name === 'package.json' ? strToU8(`${JSON.stringify(reduced, null, 2)}\n`) : await readFile(join(root, name));
  // A plain file that everybody may read, as Unix writes it down. The date is the first that a zip can hold.
  files[name] = [bytes, { level: 9, os: 3, attrs: (0o100644 << 16) >>> 0, mtime: new Date(1980, 0, 1) }];
}
await mkdir(dirname(outfile), { recursive: true });
await writeFile(outfile, zipSync(files));
