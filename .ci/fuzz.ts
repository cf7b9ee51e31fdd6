import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { LAWS } from '../core/testing/laws/all.ts';
import type { Law, LawCase } from '../core/testing/laws/law.ts';
import { breaks, minimised } from '../core/testing/laws/minimise.ts';

/**
 * `npm run fuzz`: all laws of arbitration on ever new rule sets and checkouts, for so many minutes
 * (FUZZ_MINUTES, default 10) from a seed on (SEED, default 1). What breaks a law is minimised and
 * written to core/arbitration/regressions/, where every test run replays it.
 */

const MINUTE = 60_000;
/** Cases of one law and one seed. */
const CASES = 100;
const FOLDER = fileURLToPath(new URL('../core/arbitration/regressions/', import.meta.url));

const minutes = Number(process.env['FUZZ_MINUTES'] ?? 10);
const name = process.env['FUZZ_LAW'] ?? '';
const chosen = LAWS.filter((law) => law.name.includes(name));
const started = Date.now();
const until = started + minutes * MINUTE;

let seed = Number(process.env['SEED'] ?? 1);
let cases = 0;
let found = 0;
let told = started;
while (Date.now() < until) {
  for (const law of chosen) tryLaw(law);
  if (Date.now() - told >= MINUTE) tell();
  seed += 1;
}
tell();
process.exit(found === 0 ? 0 : 1);

function tryLaw(law: Law): void {
  const numRuns = Math.ceil((CASES / 10) * (law.weight ?? 1));
  const property = fc.property(law.cases, (one) => law.holds(one));
  const result = fc.check(property, { seed, numRuns, interruptAfterTimeLimit: 5 * MINUTE });
  cases += result.numRuns;
  if (!result.failed || result.counterexample === null) return;
  found += 1;
  const [one] = result.counterexample;
  keep(law, breaks(law, one) ? minimised(law, one) : one, result.errorInstance);
}

function keep(law: Law, one: LawCase, error: unknown): void {
  mkdirSync(FOLDER, { recursive: true });
  const file = `found-${seed}-${readdirSync(FOLDER).length}.json`;
  const note = `Broke at seed ${seed}: ${law.name}.`;
  writeFileSync(`${FOLDER}${file}`, `${JSON.stringify({ note, ...one }, undefined, 2)}\n`);
  console.log(`BROKEN at seed ${seed}: ${law.name}, see core/arbitration/regressions/${file}`);
  console.log(String(error instanceof Error ? error.message : error).slice(0, 2_000));
}

function tell(): void {
  told = Date.now();
  const spent = ((told - started) / MINUTE).toFixed(1);
  console.log(`${spent} min: seed ${seed}, ${cases} cases, ${found} found`);
}
