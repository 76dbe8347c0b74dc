import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'docs', 'operations.md'), 'utf8');
const headings = new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading));

describe('docs/operations.md', () => {
  it('has a chapter for each alert, to which the alert leads', () => {
    const alerts = readFileSync(join(root, 'infra', 'alerts.bicep'), 'utf8');
    const anchors = [...alerts.matchAll(/docs\/operations\.md#([\w-]+)/g)].map(([, anchor = '']) => anchor);
    expect(anchors.length).toBeGreaterThan(7);
    expect(anchors.filter((anchor) => !headings.has(anchor))).toEqual([]);
  });

  it('leads to pages that are there, and names commands that are there', () => {
    for (const [, link = ''] of text.matchAll(/\]\((\w+\.md)\)/g))
      expect(() => readFileSync(join(root, 'docs', link))).not.toThrow();
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    for (const [, script = ''] of text.matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(script);
  });
});
