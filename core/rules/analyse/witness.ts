import type { ArbitrationInput, Decision, DecisionResult } from '../../arbitration/decision.ts';
import { formatInstant } from '../../time/instant.ts';
import type { Checkout } from '../../transaction/transaction.ts';
import type { Witness } from '../diagnostic.ts';
import type { NormalRuleSet } from '../normal.ts';
import { boundariesOf } from '../self-check/boundaries.ts';
import { caseAt } from '../self-check/cases.ts';
import { Draw } from '../self-check/draw.ts';

/** Made-up checkouts among which a witness is looked for. */
const CASES_MAX = 200;
/** Promotions times checkouts: more would make checking a large rule set slow. */
const WORK_MAX = 50_000;

interface Tried {
  readonly input: ArbitrationInput;
  readonly decision: Decision;
}

/**
 * Finds a checkout that shows what a warning is about: among made-up ones at the rule set's own
 * boundaries, the smallest for which it is true. Decided only once, and only when asked.
 */
export class Witnesses {
  readonly #rules: NormalRuleSet;
  readonly #decide: (input: ArbitrationInput) => DecisionResult;
  #tried: readonly Tried[] | undefined;

  constructor(rules: NormalRuleSet, decide: (input: ArbitrationInput) => DecisionResult) {
    this.#rules = rules;
    this.#decide = decide;
  }

  of(shows: (decision: Decision) => boolean): Witness | undefined {
    this.#tried ??= this.#tryAll();
    const found = this.#tried
      .filter(({ decision }) => shows(decision))
      .toSorted((one, two) => linesIn(one) - linesIn(two));
    return found[0] === undefined ? undefined : witnessOf(found[0].input);
  }

  #tryAll(): readonly Tried[] {
    const edges = boundariesOf(this.#rules);
    const affordable = Math.floor(WORK_MAX / Math.max(1, this.#rules.promotions.length));
    const cases = Math.min(CASES_MAX, affordable);
    return Array.from({ length: cases }, (_, index) => index + 1).flatMap((seed) => {
      // Without a member, a checkout is all there is to show.
      const input = { ...caseAt(this.#rules, edges, new Draw(seed)), member: undefined };
      const result = this.#decide(input);
      return result.ok ? [{ input, decision: result.decision }] : [];
    });
  }
}

function linesIn({ input }: Tried): number {
  return input.checkout.lines.length;
}

function witnessOf({ checkout, at }: ArbitrationInput): Witness {
  const { store, partner, channel, codes, delivery } = checkout;
  return {
    id: 'witness',
    kind: 'quote',
    occurredAt: formatInstant(at),
    ...(store === undefined ? {} : { store }),
    ...(partner === undefined ? {} : { partner }),
    ...(channel === undefined ? {} : { channel }),
    ...(codes.length === 0 ? {} : { codes }),
    ...(delivery === 0 ? {} : { delivery }),
    lines: checkout.lines.map(lineOf),
  };
}

function lineOf({ id, sku, category, partner, quantity, price }: Checkout['lines'][number]) {
  return {
    id,
    sku,
    ...(category.length === 0 ? {} : { category }),
    ...(partner === undefined ? {} : { partner }),
    quantity: quantity / 1_000,
    price,
  };
}
