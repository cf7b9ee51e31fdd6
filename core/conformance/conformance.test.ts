import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CONFORMANCE_ENGINES } from './engines.ts';
import { readFixture } from './fixture.ts';
import { runFixture } from './run.ts';

const CASES = new URL('./cases/', import.meta.url);

for (const engine of CONFORMANCE_ENGINES) {
  describe(`documented examples of other systems on the ${engine.name} engine`, () => {
    for (const file of readdirSync(CASES).sort()) {
      const read = readFixture(parse(readFileSync(new URL(file, CASES), 'utf8')));
      if (!read.ok) throw new Error(`${file}: ${read.problem}`);
      test(`${file}: ${read.fixture.name}`, () => {
        expect(runFixture(read.fixture, engine)).toEqual({ ok: true });
      });
    }
  });
}
