import { NOTHING_USED } from '../arbitration/budget-left.ts';
import type { ArbitrationInput, MemberFacts } from '../arbitration/decision.ts';
import { must } from '../assert.ts';
import { instant, minorUnits, points } from '../money/units.ts';
import { decode } from '../rules/decode.ts';
import type { Facts } from '../rules/facts.ts';
import type { NormalRuleSet } from '../rules/normal.ts';
import { normalise } from '../rules/normalise.ts';
import { placesOf } from '../rules/places.ts';
import type { World } from '../rules/validate/names.ts';
import { validate } from '../rules/validate.ts';
import { localTime } from '../time/local.ts';
import { decodeTransaction } from '../transaction/decode.ts';
import type { Checkout } from '../transaction/transaction.ts';

/** Rule sets and checkouts for tests, from the JSON that people write. */

/** The normal form of a document that has no problems. */
export function normalRules(document: unknown, world: World = 'open'): NormalRuleSet {
  const decoded = decode(document);
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.diagnostics, undefined, 1));
  const valid = validate(decoded.value, world);
  if (!valid.ok) throw new Error(JSON.stringify(valid.diagnostics, undefined, 1));
  return normalise(valid.value);
}

/** A checkout as it is after decoding. */
export function checkoutOf(json: Record<string, unknown>): Checkout {
  const decoded = decodeTransaction({
    id: 't1',
    kind: 'quote',
    lines: [{ sku: 'APPLE', quantity: 1, price: 1_000 }],
    ...json,
  });
  if (!decoded.ok) throw new Error(`${decoded.rejection.path}: ${decoded.rejection.message}`);
  const { transaction } = decoded;
  if (transaction.kind !== 'quote' && transaction.kind !== 'checkout') {
    throw new Error('a test checkout is a checkout or a quote');
  }
  return transaction;
}

/** What a test says about a member; the rest is empty. */
export interface MemberCase {
  readonly birthday?: string | undefined;
  readonly segments?: readonly string[];
  readonly tier?: string | undefined;
  readonly city?: string | undefined;
  readonly checkouts?: number;
  readonly purchases?: number;
  readonly points?: number;
}

export function memberOf(member: MemberCase): MemberFacts {
  const { birthday, segments = [], tier, city, checkouts = 0, purchases = 0 } = member;
  return {
    id: 'm-1',
    birthday,
    segments: new Set(segments),
    partners: new Set(['fuel-co']),
    fields: new Map(city === undefined ? [] : [['city', city]]),
    tiers: new Map(tier === undefined ? [] : [['club', tier]]),
    points: new Map([['main', points(member.points ?? 0)]]),
    checkouts,
    history: () => purchases,
  };
}

export interface TestCase {
  readonly checkout?: Record<string, unknown>;
  readonly member?: MemberCase | undefined;
  readonly at?: number;
}

/** What the engine is told about a case. */
export function inputOf({ checkout = {}, member, at }: TestCase): ArbitrationInput {
  return {
    checkout: checkoutOf(checkout),
    member: member === undefined ? undefined : memberOf(member),
    usage: NOTHING_USED,
    at: instant(at ?? Date.UTC(2026, 5, 15, 12)),
  };
}

/** The facts of a case before any discount. */
export function factsFor(rules: NormalRuleSet, input: ArbitrationInput): Facts {
  const place = placesOf(rules).placeOf(input.checkout);
  const total = input.checkout.lines.reduce((sum, line) => sum + line.gross, 0);
  return {
    input,
    at: input.at,
    place,
    local: localTime(input.at, place.zone),
    lines: input.checkout.lines.map((line, index) => ({ line, index, net: line.gross })),
    initialTotal: minorUnits(total),
    currentTotal: minorUnits(total),
    event: undefined,
    missingGeo: rules.settings.missingGeo,
  };
}

/** The `when` of the only promotion of a document. */
export function onlyPromotion(rules: NormalRuleSet) {
  return must(rules.promotions[0], 'the document has a promotion');
}

/** A document with one promotion. */
export function documentWith(promotion: Record<string, unknown>, more = {}): unknown {
  const benefits = { list: [{ discount: { percent: 10 } }] };
  return {
    ...more,
    arbitration: { children: [{ promotion: 'p', benefits, ...promotion }] },
  };
}
