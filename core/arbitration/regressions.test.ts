import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decided } from '../testing/cases.ts';

const FOLDER = new URL('./regressions/', import.meta.url);

describe('what random cases once found stays found', () => {
  for (const file of readdirSync(FOLDER)) {
    const { note, ruleSet, ...text } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
    test(`${file}: ${note}`, () => {
      expect(decided('compiled', ruleSet, text)).toEqual(decided('interpret', ruleSet, text));
    });
  }
});
