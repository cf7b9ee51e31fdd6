/**
 * `npm run bench:decide`: processor time of one decision of the coalition that the demo runs, on
 * generated checkouts of which no two are the same. Each is decoded afresh, as a worker would
 * find it, and the time to decode it is told beside: what shares the machine slows both alike,
 * so compare the ratio where the machine is not quiet. The first decisions are compared with the
 * interpreter's.
 */

import { readFileSync } from 'node:fs';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { leftAfter } from '../../core/arbitration/budget-left.ts';
import type { ArbitrationInput, DecisionResult, Usage } from '../../core/arbitration/decision.ts';
import { ENGINES } from '../../core/arbitration/emit.ts';
import { instant, minorUnits, points } from '../../core/money/units.ts';
import { compileRuleSet } from '../../core/rules/compile.ts';
import { checkoutOf } from '../../core/testing/cases.ts';
import { Population } from '../generate/population.ts';
import { openShops } from '../generate/shops.ts';
import { TrafficGenerator } from '../generate/traffic.ts';
import type { CheckoutJson } from '../generate/transaction-json.ts';
import { parseRuleDocument } from '../rules/read-document.ts';
import { SAMPLES } from './sample-files.ts';

const MEMBERS = 20_000;
/** Checkouts decoded, then decided, before the clock is read again. */
const CHUNK = 250;
/** A week in May: all hours, weekdays and a weekend. */
const START = Date.UTC(2026, 4, 4, 3);
const WEEK_MS = 7 * 24 * 3_600_000;

const { values } = parseArgs({
  options: {
    rules: { type: 'string', default: SAMPLES.coalition.path },
    checkouts: { type: 'string', default: '20000' },
    lines: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '6' },
    compare: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
  },
});
const count = Number(values.checkouts);

interface Draft {
  readonly json: string;
  readonly rank: number;
  readonly at: number;
}

function draftsOf(): readonly Draft[] {
  const traffic = new TrafficGenerator({
    seed: Number(values.seed),
    lines: Number(values.lines),
    members: MEMBERS,
    returns: 0,
    cancels: 0,
    enrolments: false,
  });
  return Array.from({ length: count }, (_, index) => {
    const at = START + Math.floor((index * WEEK_MS) / count);
    const { transaction } = traffic.next(at);
    return { json: JSON.stringify(transaction), rank: index % MEMBERS, at };
  });
}

const population = new Population(MEMBERS, openShops().weights);
const TIERS = ['bronze', 'bronze', 'bronze', 'bronze', 'silver', 'silver', 'gold'];

/** A member with some past, made of nothing but a number. */
function memberOf(id: string, rank: number): NonNullable<ArbitrationInput['member']> {
  const { birthday, segments = [] } = population.enrolment({ id, home: 0 }, '');
  return {
    id,
    birthday,
    segments: new Set(segments),
    partners: new Set(),
    fields: new Map(),
    tiers: new Map([['club', TIERS[rank % TIERS.length] ?? 'bronze']]),
    points: new Map([['main', points((rank * 37) % 3_000)]]),
    checkouts: rank % 9,
    history: () => rank % 15,
  };
}

const SOME: Usage = { uses: 1, units: 1_000, discount: minorUnits(100), points: points(1) };
const usage: ArbitrationInput['usage'] = {
  member: (key) => (key.length % 3 === 0 ? SOME : undefined),
  budget: (_, limits) => leftAfter(limits, undefined),
};

function inputOf({ json, rank, at }: Draft): ArbitrationInput {
  const checkout = checkoutOf(JSON.parse(json) as CheckoutJson);
  const { member } = checkout;
  return {
    checkout,
    member: member === undefined ? undefined : memberOf(member, rank),
    usage,
    at: instant(checkout.occurredAt ?? at),
  };
}

function compiled(engine: keyof typeof ENGINES) {
  const read = parseRuleDocument(readFileSync(values.rules, 'utf8'));
  if (!read.ok) throw new Error(read.message);
  const result = compileRuleSet(read.document.value, { world: 'closed', emit: ENGINES[engine] });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.value.tree;
}

function compare(drafts: readonly Draft[], decide: (input: ArbitrationInput) => DecisionResult) {
  const specification = compiled('interpret');
  for (const draft of drafts.slice(0, Number(values.compare))) {
    const input = inputOf(draft);
    const [told, expected] = [decide(input), specification.decide(input)];
    const same = isDeepStrictEqual(withoutReasons(told), withoutReasons(expected));
    if (!same) throw new Error(`decided otherwise than the interpreter: ${draft.json}`);
  }
}

function withoutReasons(result: DecisionResult): unknown {
  return result.ok ? { ...result.decision, notApplied: [] } : result;
}

/** Microseconds of this thread, collection of garbage included. */
function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

function round(drafts: readonly Draft[], decide: (input: ArbitrationInput) => DecisionResult) {
  let [decoding, deciding, awards, reasons] = [0, 0, 0, 0];
  for (let from = 0; from < drafts.length; from += CHUNK) {
    const start = processorTime();
    const inputs = drafts.slice(from, from + CHUNK).map(inputOf);
    const middle = processorTime();
    const decided = inputs.map(decide);
    deciding += processorTime() - middle;
    decoding += middle - start;
    for (const result of decided) {
      if (!result.ok) continue;
      reasons += result.decision.notApplied.length;
      for (const line of result.decision.lines) awards += line.awards.length;
    }
  }
  const each = (sum: number) => sum / drafts.length;
  return {
    decide: each(deciding),
    decode: each(decoding),
    awards: each(awards),
    reasons: each(reasons),
  };
}

const drafts = draftsOf();
const { decide } = compiled('compiled');
compare(drafts, decide);
process.stdout.write('round  decide µs  decode µs  ratio  awards  not applied\n');
for (let at = 1; at <= Number(values.rounds); at += 1) {
  const told = round(drafts, decide);
  const cells = [
    String(at).padStart(5),
    told.decide.toFixed(1).padStart(9),
    told.decode.toFixed(1).padStart(9),
    (told.decide / told.decode).toFixed(2).padStart(5),
    told.awards.toFixed(1).padStart(6),
    told.reasons.toFixed(1).padStart(11),
  ];
  process.stdout.write(`${cells.join('  ')}\n`);
}
