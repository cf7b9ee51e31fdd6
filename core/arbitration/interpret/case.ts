import { must } from '../../assert.ts';
import { type Instant, minorUnits } from '../../money/units.ts';
import { worthAt } from '../../rules/benefits/pay-with-points.ts';
import type { MoneyRules } from '../../rules/benefits/portion.ts';
import type { Facts, PlaceFacts } from '../../rules/facts.ts';
import type {
  GroupNode,
  LimitPeriod,
  NormalPartner,
  NormalPointType,
  NormalPromotion,
  NormalRuleSet,
} from '../../rules/normal.ts';
import type { LocalTime } from '../../time/local.ts';
import type { OrderLine } from '../../transaction/transaction.ts';
import type { ArbitrationInput } from '../decision.ts';
import type { Language } from '../language.ts';
import { type Counters, counterKey, limitWindowAt } from '../window.ts';
import { goodsOf, type State } from './state.ts';
import type { Trace } from './trace.ts';

/** One checkout under one rule set: everything that stays the same while it is decided. */
export interface Case {
  readonly rules: NormalRuleSet;
  readonly language: Language;
  readonly input: ArbitrationInput;
  readonly lines: readonly OrderLine[];
  readonly place: PlaceFacts;
  readonly local: LocalTime;
  readonly money: MoneyRules;
  readonly pointTypes: ReadonlyMap<string, NormalPointType>;
  readonly partners: ReadonlyMap<string, NormalPartner>;
  readonly initialTotal: number;
  readonly counters: Counters;
  /** Promotions that a stronger one keeps out of this checkout, with the reason. */
  readonly suppressed: ReadonlyMap<NormalPromotion, string>;
  /** Takes notes when somebody asked for an explanation. */
  readonly trace?: Trace;
}

/** Opens a case. */
export function openCase(rules: NormalRuleSet, language: Language, input: ArbitrationInput): Case {
  const place = language.placeOf(input.checkout);
  const { lines } = input.checkout;
  const { rounding, roundPer, pointsRounding, residual } = rules.settings;
  const major = 10 ** rules.programme.exponent;
  return {
    rules,
    language,
    input,
    lines,
    place,
    local: language.localTime(input.at, place.zone),
    money: { rounding, roundPer, pointsRounding, residual, major },
    pointTypes: new Map(rules.pointTypes.map((type) => [type.id, worthAt(place, type)])),
    partners: new Map(rules.partners.map((partner) => [partner.id, partner])),
    initialTotal: lines.reduce((soFar, line) => soFar + line.gross, 0),
    counters: countersOf(rules, language, input),
    suppressed: new Map(),
  };
}

/** Windows are those of the programme's own zone, and of processing, not of the purchase (K17). */
function countersOf(rules: NormalRuleSet, language: Language, input: ArbitrationInput): Counters {
  const at = input.countedAt ?? input.at;
  const windowOf = (per: LimitPeriod) => limitWindowAt(per, { at, rules }, language);
  return { windowOf, keyOf: (promotion, per) => counterKey(promotion, windowOf(per)) };
}

/** The state before any benefit: lines at their gross, delivery at its price. */
export function openingState({ lines, input }: Case): State {
  return { net: [...lines.map((line) => line.gross), input.checkout.delivery], effects: [] };
}

/** What conditions and scopes see in a state. */
export function factsOf(at: Case, state: State): Facts {
  return {
    input: at.input,
    at: at.input.at,
    place: at.place,
    local: at.local,
    lines: at.lines.map((line, index) => ({ line, index, net: minorUnits(state.net[index] ?? 0) })),
    initialTotal: minorUnits(at.initialTotal),
    currentTotal: minorUnits(goodsOf(state.net)),
    event: at.input.event?.fields,
    missingGeo: at.rules.settings.missingGeo,
  };
}

/** A declared point type; validation made sure that every used one is declared. */
export function pointTypeOf(at: Case, id: string): NormalPointType {
  return must(at.pointTypes.get(id), `point type ${id} must have been validated`);
}

/** Whether a point type has been switched off by now. */
export function isInactive(at: Case, type: NormalPointType): boolean {
  if (type.deactivateAt === undefined) return false;
  const zone = at.rules.programme.zone;
  const instant: Instant = at.language.resolve(type.deactivateAt, zone, 'start');
  return at.input.at >= instant;
}

/** The promotions of a group, at any depth below it. */
export function promotionsOf(at: Case, group: GroupNode): readonly NormalPromotion[] {
  return at.rules.promotions.slice(group.from, group.to);
}
