import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Record<string, string>;
  readonly with?: Record<string, unknown>;
}

interface Job {
  readonly permissions?: Record<string, string>;
  readonly environment?: string;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions?: Record<string, string>;
  readonly concurrency?: { readonly group: string };
  readonly jobs: Record<string, Job>;
}

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, '.github', 'workflows');

describe.each(readdirSync(folder))('.github/workflows/%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  const workflow = parse(text) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  it('takes every action by its commit, and says which version that is', () => {
    const uses = text.split('\n').filter((line) => line.includes('uses:'));
    expect(uses).toHaveLength(steps.filter((step) => step.uses).length);
    for (const line of uses) expect(line).toMatch(/^ +- uses: [\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('may read, and no more; a job that signs in may ask for its token', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const job of jobs) {
      const signsIn = job.steps.some((step) => step.uses?.startsWith('azure/login@'));
      expect(job.permissions).toEqual(signsIn ? { 'id-token': 'write' } : undefined);
      // The environment is what Entra ID trusts, and where people approve.
      if (signsIn) expect(job.environment).toBeDefined();
    }
  });

  it('ends, and does not run beside itself', () => {
    expect(workflow.concurrency?.group).toMatch(/\$\{\{/);
    for (const job of jobs) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  it('knows no secret, and puts no expression into a shell', () => {
    expect(text).not.toMatch(/secrets\.|pull_request_target/);
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });

  it('leaves no credentials in what it checks out', () => {
    const checkouts = steps.filter((step) => step.uses?.startsWith('actions/checkout@'));
    for (const checkout of checkouts) expect(checkout.with).toEqual({ 'persist-credentials': false });
  });

  it('runs only scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    for (const { run = '' } of steps) {
      for (const [, script = ''] of run.matchAll(/npm (?:run )?(\w+)/g))
        expect(['ci', ...Object.keys(scripts)]).toContain(script);
      for (const [file] of run.matchAll(/(?<![\w/])(\.ci|infra)\/[\w.]+/g))
        expect(existsSync(join(root, file)), file).toBe(true);
    }
  });
});

it('tests every push and every pull request with .ci/run', () => {
  const { on, jobs } = parse(readFileSync(join(folder, 'ci.yml'), 'utf8')) as Workflow;
  expect(Object.keys(on)).toEqual(['push', 'pull_request']);
  expect(jobs['test']?.steps.map((step) => step.run).filter(Boolean)).toEqual(['.ci/run']);
});

it('deploys only when told to, the package that npm run package makes', () => {
  const { on, jobs } = parse(readFileSync(join(folder, 'deploy.yml'), 'utf8')) as Workflow;
  expect(Object.keys(on)).toEqual(['workflow_dispatch']);
  const made = readFileSync(join(root, '.ci', 'package.mjs'), 'utf8').match(/'([\w-]+\.zip)'/)?.[1];
  expect(jobs['package']?.steps.find((step) => step.uses?.includes('upload-artifact'))?.with).toMatchObject({
    path: `out/${made}`,
  });
  expect(jobs['deploy']?.steps.at(-1)?.run).toContain(`--src ${made}`);
});
