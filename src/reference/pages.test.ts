import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GENERATED_PAGES, REFERENCE_FOLDER } from './pages.ts';

describe('the generated reference', () => {
  it.each(Object.entries(GENERATED_PAGES))('has a page `%s` that is not stale', (name, page) => {
    const file = join(REFERENCE_FOLDER, name);
    const hint = `${file} is stale: run \`npm run docs:${page.command}\``;
    expect(readFileSync(file, 'utf8'), hint).toBe(page.text());
  });
});
