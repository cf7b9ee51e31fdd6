import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Decision } from '../arbitration/decision.ts';
import { ENGINES } from '../arbitration/emit.ts';
import { openWorld } from '../conformance/world.ts';
import type { OutcomeJson } from '../outcome/render.ts';
import { inputOf } from '../testing/cases.ts';
import { seededConflicts } from '../testing/conflict-rules.ts';
import { balances, quotes, ruleSets } from '../testing/rule-sets.ts';
import { type CompiledRuleSet, compileRuleSet } from './compile.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { NormalRuleSet } from './normal.ts';

const MEETINGS: readonly string[] = ['overlapping-promotions', 'double-accrual'];

function checked(document: unknown) {
  const options = { world: 'open', emit: ENGINES.compiled, conflicts: true } as const;
  const compiled = compileRuleSet(document, options);
  return compiled.ok ? compiled : undefined;
}

/** The outcome of a witness as it is written. */
function sent({ tree }: CompiledRuleSet, { witness }: Diagnostic): OutcomeJson | undefined {
  if (witness === undefined) return undefined;
  return openWorld(tree, witness.member === undefined ? [] : [witness.member]).process(
    witness.checkout,
  );
}

test('every seeded conflict is found, with a checkout that shows it, and nothing else', () => {
  fc.assert(
    fc.property(seededConflicts, ({ document, seeds }) => {
      const compiled = checked(document);
      if (compiled === undefined) throw new Error('does not compile');
      const found = compiled.warnings.map(({ code, message }) => ({ code, message }));
      expect(found.filter(({ code }) => code === 'not-decided')).toEqual([]);
      const meetings = compiled.warnings.filter(({ code }) => MEETINGS.includes(code));
      expect(meetings.length, JSON.stringify(found)).toBe(seeds.length);
      for (const { code, one, two } of seeds) {
        const warning = meetings.find(
          (each) => each.code === code && each.message.includes(`\`${two}\` and \`${one}\``),
        );
        const outcome = warning && sent(compiled.value, warning);
        expect(outcome?.['status'], `${one} and ${two}`).toBe('accepted');
        if (code === 'overlapping-promotions') expect(awarded(outcome)).toContainEqual([one, two]);
      }
    }),
    { numRuns: 25 },
  );
});

/** Of each line, the promotions that lowered its price. */
function awarded(outcome: OutcomeJson | undefined): readonly (readonly string[])[] {
  const lines = (outcome?.['lines'] ?? []) as readonly {
    awards?: readonly { promotion: string; applied: number }[];
  }[];
  return lines.map(({ awards = [] }) =>
    awards.filter(({ applied }) => applied > 0).map(({ promotion }) => promotion),
  );
}

test('what a random checkout shows has been found, or told to be undecided', () => {
  let shown = 0;
  fc.assert(
    fc.property(
      ruleSets(1),
      fc.array(fc.tuple(quotes, balances), { minLength: 4, maxLength: 4 }),
      (document, asked) => {
        const compiled = checked(document);
        if (compiled === undefined) return;
        const { rules, tree } = compiled.value;
        if (rules.root.mode !== 'sequential' && rules.root.mode !== 'sum') return;
        for (const [quote, owned] of asked) {
          const result = tree.decide(inputOf({ quote, balances: owned, seed: 1 }, rules));
          if (!result.ok) continue;
          for (const [one, two] of meetingsIn(result.decision, rules)) {
            shown += 1;
            expect(isTold(compiled.warnings, one, two), `${one} and ${two}`).toBe(true);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(shown).toBeGreaterThan(0);
});

/** Pairs that lower the price of one line, with nothing that says how they go together. */
function meetingsIn(
  { lines }: Decision,
  rules: NormalRuleSet,
): readonly (readonly [string, string])[] {
  const settled = new Set(
    rules.root.children.flatMap((child) => (child.kind === 'group' ? [] : [child.promotion.id])),
  );
  const free = rules.promotions.filter(({ id, stacking }) => {
    const { exclusive, stopAfter, category } = stacking;
    return settled.has(id) && !exclusive && !stopAfter && category === 'common';
  });
  return lines.flatMap(({ awards }) => {
    const did = free.filter(({ id }) =>
      awards.some((one) => one.promotion === id && one.applied > 0),
    );
    return did.flatMap((two, at) => did.slice(0, at).map((one) => [one.id, two.id] as const));
  });
}

function isTold(warnings: readonly Diagnostic[], one: string, two: string): boolean {
  return warnings.some(
    ({ code, message }) =>
      (code === 'overlapping-promotions' && message.startsWith(`\`${two}\` and`)) ||
      (code === 'not-decided' && message.includes('more')) ||
      (code === 'not-decided' && message.includes(`\`${one}\` and \`${two}\``)),
  );
}
