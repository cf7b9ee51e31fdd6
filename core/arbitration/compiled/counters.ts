import { must } from '../../assert.ts';
import type { Instant } from '../../money/units.ts';
import type { LimitPeriod, NormalPromotion, NormalRuleSet } from '../../rules/normal.ts';
import { DAY_MS } from '../../time/date.ts';
import { offsetAt } from '../../time/zone.ts';
import type { Language } from '../language.ts';
import { type Counters, counterKey, type LimitWindow, limitWindowAt } from '../window.ts';

/** What is kept of one period: it holds for a whole day. */
interface KeptWindow {
  readonly day: number;
  readonly window: LimitWindow;
  /** By position of the promotion. */
  readonly keys: Map<number, string>;
}

/** Windows and keys of counters. They change with the day, so the last day's are kept. */
export class KeptCounters implements Counters {
  readonly #rules: NormalRuleSet;
  readonly #zone: string;
  readonly #language: Language;
  /** One for each of the five periods at most. */
  readonly #kept = new Map<LimitPeriod, KeptWindow>();
  #at: Instant | undefined;
  /** The local day of the checkout, once somebody asked. */
  #day: number | undefined;

  constructor(rules: NormalRuleSet, language: Language) {
    this.#rules = rules;
    this.#zone = rules.programme.zone;
    this.#language = language;
  }

  /** Turns to another checkout. */
  moveTo(at: Instant): void {
    this.#at = at;
    this.#day = undefined;
  }

  windowOf(per: LimitPeriod): LimitWindow {
    return this.#keptOf(per).window;
  }

  keyOf(promotion: NormalPromotion, per: LimitPeriod): string {
    const { keys, window } = this.#keptOf(per);
    const known = keys.get(promotion.position);
    if (known !== undefined) return known;
    const key = counterKey(promotion, window);
    keys.set(promotion.position, key);
    return key;
  }

  #keptOf(per: LimitPeriod): KeptWindow {
    const at = must(this.#at, 'counters are asked for during a decision');
    this.#day ??= Math.floor((at + offsetAt(this.#zone, at)) / DAY_MS);
    const known = this.#kept.get(per);
    if (known?.day === this.#day) return known;
    const window = limitWindowAt(per, { at, rules: this.#rules }, this.#language);
    const made = { day: this.#day, window, keys: new Map<number, string>() };
    this.#kept.set(per, made);
    return made;
  }
}
