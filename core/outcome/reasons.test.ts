import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isReason, REASONS } from './reasons.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Where rejections are made. Promotions that did not apply have reasons of their own. */
const PLACES = ['core/ledger', 'core/transaction', 'core/fold.ts', 'workers/batch'];
const MADE = /(?:\brejected\(\s*|\brefuse\(\s*|\breason: )'([a-z0-9-]+)'/g;

function sources(place: string): string[] {
  const path = join(ROOT, place);
  if (place.endsWith('.ts')) return [path];
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => join(path, file));
}

describe('the reasons of rejection', () => {
  it('are the only ones that the code uses', () => {
    const used = PLACES.flatMap(sources).flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(MADE)].map((match) => match[1] ?? ''),
    );
    expect(used.length).toBeGreaterThan(10);
    const strange = used.filter((code) => !isReason(code));
    expect(strange, 'add them to core/outcome/reasons.ts, then npm run docs:reasons').toEqual([]);
  });

  it.each(Object.entries(REASONS))('%s has plain words', (code, { means, todo }) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(means).toMatch(/^[A-Z].*\.$/);
    expect(todo).toMatch(/^[A-Z].*\.$/);
    expect(`${means}${todo}`).not.toContain('|');
  });

  it('are no properties that every object has', () => {
    expect(isReason('constructor')).toBe(false);
    expect(isReason('unknown-field')).toBe(true);
  });
});
