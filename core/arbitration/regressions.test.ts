import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'vitest';
import { ENGINE_LAWS } from '../testing/laws/engines.ts';
import { OUTCOME_LAWS } from '../testing/laws/outcomes.ts';

const FOLDER = new URL('./regressions/', import.meta.url);

// These hold of any rule set, so each case is held to all of them, whichever it once broke.
describe('what random cases once found stays found', () => {
  for (const file of readdirSync(FOLDER).sort()) {
    const { note, ...one } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
    test(`${file}: ${note}`, () => {
      for (const law of [...ENGINE_LAWS, ...OUTCOME_LAWS]) law.holds(one);
    });
  }
});
