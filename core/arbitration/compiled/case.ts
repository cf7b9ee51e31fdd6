import type { Instant } from '../../money/units.ts';
import { worthAt } from '../../rules/benefits/pay-with-points.ts';
import type { MoneyRules } from '../../rules/benefits/portion.ts';
import type { PlaceFacts } from '../../rules/facts.ts';
import type {
  NormalPartner,
  NormalPointType,
  NormalPromotion,
  NormalRuleSet,
} from '../../rules/normal.ts';
import type { LocalTime } from '../../time/local.ts';
import type { Moment } from '../../time/moment.ts';
import type { OrderLine } from '../../transaction/transaction.ts';
import type { ArbitrationInput } from '../decision.ts';
import type { Case } from '../interpret/case.ts';
import type { Language } from '../language.ts';
import { KeptCounters } from './counters.ts';

/** Everything of a case that only depends on the rules. */
export interface CaseFrame {
  readonly rules: NormalRuleSet;
  readonly language: Language;
  readonly money: MoneyRules;
  /** Point types by id, with their worth at a place. */
  readonly pointTypesAt: (place: PlaceFacts) => ReadonlyMap<string, NormalPointType>;
  readonly partners: ReadonlyMap<string, NormalPartner>;
  readonly counters: KeptCounters;
}

const NOBODY: ReadonlyMap<NormalPromotion, string> = new Map();

export function caseFrame(rules: NormalRuleSet, spoken: Language): CaseFrame {
  const language = { ...spoken, resolve: keptInstants(spoken.resolve) };
  const { rounding, roundPer, pointsRounding, residual } = rules.settings;
  return {
    rules,
    language,
    money: { rounding, roundPer, pointsRounding, residual, major: 10 ** rules.programme.exponent },
    pointTypesAt: pointTypesBy(rules),
    partners: new Map(rules.partners.map((partner) => [partner.id, partner])),
    counters: new KeptCounters(rules, language),
  };
}

/** Moments of the rules are few, and each is one instant in a zone. */
function keptInstants(resolve: Language['resolve']): Language['resolve'] {
  const known = new WeakMap<Moment, Map<string, Instant>>();
  return (moment, zone, as) => {
    if (moment.kind === 'instant') return moment.at;
    let byZone = known.get(moment);
    if (byZone === undefined) {
      byZone = new Map();
      known.set(moment, byZone);
    }
    const key = as === 'start' ? zone : `${zone}|end`;
    const found = byZone.get(key);
    if (found !== undefined) return found;
    const at = resolve(moment, zone, as);
    byZone.set(key, at);
    return at;
  };
}

/** Declared places are few and live as long as the rules, so their point types are kept. */
function pointTypesBy(rules: NormalRuleSet): CaseFrame['pointTypesAt'] {
  const known = new WeakMap<readonly string[], ReadonlyMap<string, NormalPointType>>();
  return (place) => {
    const found = known.get(place.path);
    if (found !== undefined) return found;
    const made = new Map(rules.pointTypes.map((type) => [type.id, worthAt(place, type)]));
    known.set(place.path, made);
    return made;
  };
}

/** A case that looks at the clock on the wall only when somebody asks. */
export class QuickCase implements Case {
  readonly rules: NormalRuleSet;
  readonly language: Language;
  readonly money: MoneyRules;
  readonly pointTypes: ReadonlyMap<string, NormalPointType>;
  readonly partners: ReadonlyMap<string, NormalPartner>;
  readonly input: ArbitrationInput;
  readonly lines: readonly OrderLine[];
  readonly place: PlaceFacts;
  readonly initialTotal: number;
  readonly counters: KeptCounters;
  suppressed: ReadonlyMap<NormalPromotion, string> = NOBODY;
  #local: LocalTime | undefined;

  constructor(frame: CaseFrame, input: ArbitrationInput) {
    this.rules = frame.rules;
    this.language = frame.language;
    this.money = frame.money;
    this.partners = frame.partners;
    this.input = input;
    this.lines = input.checkout.lines;
    this.counters = frame.counters;
    this.counters.moveTo(input.countedAt ?? input.at);
    this.place = frame.language.placeOf(input.checkout);
    this.pointTypes = frame.pointTypesAt(this.place);
    let total = 0;
    for (const line of this.lines) total += line.gross;
    this.initialTotal = total;
  }

  get local(): LocalTime {
    this.#local ??= this.language.localTime(this.input.at, this.place.zone);
    return this.#local;
  }
}
