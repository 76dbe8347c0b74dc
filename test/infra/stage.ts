import { spawn } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach } from 'vitest';
import type { Entra } from './simulated-entra.ts';

const script = join(import.meta.dirname, '..', '..', 'infra', 'register-app.sh');

/** All that the script may need of the machine beside az. */
const tools = ['bash', 'cat', 'grep', 'mktemp', 'rm', 'tr'];

/** How a run of the script ended. */
export interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly complaint: string;
}

/** A folder of its own in which infra/register-app.sh runs against a simulated tenant. */
export interface Stage {
  readonly entra: Entra;
  /** Runs the script to its end; `entra` then says what became of the tenant, `entra.calls` what was called in this run. */
  run(...options: string[]): Promise<Outcome>;
  /** The same on a machine without the Azure CLI. */
  runWithoutAz(...options: string[]): Promise<Outcome>;
  close(): void;
}

/** Makes stages, each with a tenant that is changed in place, and clears them away after each test. */
export function useStages(): (entra: Entra) => Stage {
  const stages: Stage[] = [];
  // The fake az starts a dozen times in a run: with its code compiled it does so in a third of the time.
  const compiled = mkdtempSync(join(tmpdir(), 'register-app-compiled-'));
  afterEach(() => {
    for (const stage of stages.splice(0)) stage.close();
  });
  afterAll(() => rmSync(compiled, { recursive: true, force: true }));
  return (entra) => {
    const stage = createStage(entra, compiled);
    stages.push(stage);
    return stage;
  };
}

/** The commands of the last run that change something. */
export function changes({ calls }: Entra): string[] {
  return calls.filter((call) => call.changing).map((call) => call.words.join(' '));
}

function createStage(entra: Entra, compiled: string): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'register-app-'));
  const state = join(folder, 'entra.json');
  const bare = mkdtempSync(join(folder, 'bare-'));
  for (const tool of tools) symlinkSync(findTool(tool), join(bare, tool));
  // Waiting costs the test no time.
  writeCommand(join(bare, 'sleep'), 'exit 0');
  const withAz = mkdtempSync(join(folder, 'az-'));
  const fake = join(import.meta.dirname, 'fake-az.ts');
  const environment = `FAKE_AZ_STATE='${state}' NODE_COMPILE_CACHE='${compiled}'`;
  writeCommand(join(withAz, 'az'), `${environment} exec '${process.execPath}' '${fake}' "$@"`);

  async function runOn(path: string, options: readonly string[]): Promise<Outcome> {
    const child = spawn(join(bare, 'bash'), [script, ...options], {
      env: { PATH: path, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    });
    const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    const [output, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, output, complaint };
  }

  return {
    entra,
    async run(...options) {
      entra.calls.length = 0;
      writeFileSync(state, JSON.stringify(entra));
      const outcome = await runOn([withAz, bare].join(delimiter), options);
      Object.assign(entra, JSON.parse(readFileSync(state, 'utf8')));
      return outcome;
    },
    runWithoutAz: (...options) => runOn(bare, options),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function writeCommand(path: string, line: string): void {
  writeFileSync(path, `#!${findTool('sh')}\n${line}\n`);
  chmodSync(path, 0o755);
}

function findTool(name: string): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(`This machine has no ${name}`);
}
