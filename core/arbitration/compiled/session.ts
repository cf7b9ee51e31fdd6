import { minorUnits } from '../../money/units.ts';
import type { Facts, LineFacts } from '../../rules/facts.ts';
import type { NodeLimits } from '../../rules/normal.ts';
import { recursAt } from '../../time/recurrence.ts';
import { hasAnchor } from '../anchors.ts';
import type { ArbitrationInput } from '../decision.ts';
import { floorsWith } from '../interpret/caps.ts';
import { eventVerdict } from '../interpret/eligibility.ts';
import type { Effect, Level } from '../interpret/state.ts';
import { usageVerdict } from '../interpret/usage.ts';
import type { Selection } from '../language.ts';
import type { Bodies } from './bodies.ts';
import type { QuickCase } from './case.ts';
import type { Plan, PlannedBody, PlannedPromotion, PlannedScope } from './plan.ts';
import type { Scratch } from './scratch.ts';

/** A fact that follows the prices while they fall. */
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const ELIGIBLE = '';

/** A place to come back to. */
export interface Mark {
  readonly net: readonly number[];
  readonly effects: number;
}

interface KnownFloors {
  readonly above: readonly number[];
  readonly limits: NodeLimits;
  readonly floors: readonly number[];
}

/** Where a tree decides: one decision at a time. */
export interface Workplace {
  readonly plan: Plan;
  readonly scratch: Scratch;
}

/** A checkout, and what of the rules matters for it. */
export interface Scene {
  readonly at: QuickCase;
  readonly bodies: Bodies;
  /** Positions of the candidates, ascending. */
  readonly live: readonly number[];
}

/**
 * One checkout while the compiled tree decides it. Prices and effects are changed in place and
 * taken back where a node looks at alternatives.
 */
export class Session {
  readonly plan: Plan;
  readonly at: QuickCase;
  readonly facts: SessionFacts;
  readonly zeros: readonly number[];
  level: Level = 'product';
  /** Present price of each slot; the last is delivery. */
  get net(): readonly number[] {
    return this.#net;
  }
  /** What has been applied on the way here. */
  effects: Effect[] = [];
  floors: readonly number[];
  /** While alternatives are tried, nobody is told why they did nothing. */
  muted = 0;
  readonly notes: (string | undefined)[];
  /** The promotions that this decision may look at, ascending. */
  readonly live: readonly number[];
  /** 1 for promotions that did something in the end, by position. */
  readonly applied: Uint8Array;
  /** While candidates are compared, points have to be worth what they are worth. */
  comparing = 0;
  /** Made when somebody asks; most conditions and scopes do not. */
  #lineFacts: Mutable<LineFacts>[] | undefined;
  readonly #scratch: Scratch;
  readonly #bodies: readonly PlannedBody[];
  #net: number[];
  /** True while nobody else keeps these prices, so that they may fall in place. */
  #ownsNet = true;
  #factsAreStale = false;
  #knownFloors: KnownFloors | undefined;

  constructor({ plan, scratch }: Workplace, { at, bodies, live }: Scene) {
    scratch.clear(live);
    this.plan = plan;
    this.at = at;
    this.live = live;
    this.notes = scratch.notes;
    this.applied = scratch.applied;
    this.#scratch = scratch;
    const { checkout } = at.input;
    this.zeros = scratch.zeros(at.lines.length + 1);
    const net = this.zeros.slice();
    for (let index = 0; index < at.lines.length; index += 1) {
      net[index] = at.lines[index]?.gross ?? 0;
    }
    net[at.lines.length] = checkout.delivery;
    this.#net = net;
    this.floors = this.zeros;
    this.facts = new SessionFacts(this);
    this.#bodies = bodies.list;
  }

  /** The floors of a node below the present ones. The root is met at both levels. */
  floorsIn(limits: NodeLimits): readonly number[] {
    const known = this.#knownFloors;
    if (known?.above === this.floors && known.limits === limits) return known.floors;
    const floors = floorsWith(this.floors, limits, this.at.lines);
    this.#knownFloors ??= { above: this.floors, limits, floors };
    return floors;
  }

  /** What conditions and scopes may know of the lines. */
  get lineFacts(): readonly LineFacts[] {
    this.#lineFacts ??= this.at.lines.map((line, index) => ({
      line,
      index,
      net: minorUnits(this.net[index] ?? 0),
    }));
    return this.#lineFacts;
  }

  /** The facts with prices as they are now. */
  freshFacts(): Facts {
    if (this.#factsAreStale) {
      let total = 0;
      for (let slot = 0; slot < this.at.lines.length; slot += 1) total += this.net[slot] ?? 0;
      for (const facts of this.#lineFacts ?? []) facts.net = minorUnits(this.net[facts.index] ?? 0);
      this.facts.currentTotal = minorUnits(total);
      this.#factsAreStale = false;
    }
    return this.facts;
  }

  /** The present prices for somebody who keeps them: later ones are in a list of their own. */
  keptNet(): readonly number[] {
    this.#ownsNet = false;
    return this.#net;
  }

  /** Goes back to prices that somebody kept. */
  restoreNet(net: readonly number[]): void {
    this.#net = net as number[]; // not written to: it is not our own
    this.#ownsNet = false;
    this.#factsAreStale = true;
  }

  /** Applies an effect to the prices. */
  apply(effect: Effect): void {
    this.effects.push(effect);
    this.lower(this.effects.length - 1);
  }

  /** Lowers prices by an effect that is known already. */
  lower(index: number): void {
    const effect = this.effects[index];
    if (effect === undefined || effect.applied === this.zeros) return;
    if (!this.#ownsNet) this.#net = this.#net.slice();
    this.#ownsNet = true;
    const net = this.#net;
    const { applied, from = 0, to = net.length } = effect;
    for (let slot = from; slot < to; slot += 1) {
      const fall = applied[slot] ?? 0;
      if (fall !== 0) net[slot] = (net[slot] ?? 0) - fall;
    }
    this.#factsAreStale = true;
  }

  mark(): Mark {
    return { net: this.keptNet(), effects: this.effects.length };
  }

  backTo(mark: Mark): void {
    this.effects.length = mark.effects;
    if (this.#net !== mark.net) this.restoreNet(mark.net);
  }

  note({ position }: PlannedPromotion, reason: string): void {
    if (this.muted === 0) this.notes[position] = reason;
  }

  /** The body that counts at the place of the checkout. */
  bodyOf(planned: PlannedPromotion): PlannedBody {
    return this.#bodies[planned.position] ?? planned.body;
  }

  /** Why a promotion may not apply now; asked once where the answer cannot change. */
  verdict(planned: PlannedPromotion): string | undefined {
    const body = this.bodyOf(planned);
    if (body.followsPrices) return this.#judge(planned, body);
    const { verdicts } = this.#scratch;
    const known = verdicts[planned.position];
    if (known !== undefined) return known === ELIGIBLE ? undefined : known;
    const verdict = this.#judge(planned, body);
    verdicts[planned.position] = verdict ?? ELIGIBLE;
    return verdict;
  }

  /** Place and channel have been judged by the index, and mostly time and lines too. */
  #judge(planned: PlannedPromotion, body: PlannedBody): string | undefined {
    const early = body.checksTime ? this.#timeVerdict(body) : undefined;
    if (early !== undefined) return early;
    if (body.checksLines !== undefined && !hasAnchor(this.at.lines, body.checksLines)) {
      return 'no-eligible-line';
    }
    const misplaced = eventVerdict(planned.promotion, this.at.input);
    if (misplaced !== undefined) return misplaced;
    const { repeat } = body.body;
    if (repeat !== undefined && !recursAt(repeat, this.at.input.at, this.at.place.zone)) {
      return 'between-occurrences';
    }
    if (body.when !== undefined) {
      const verdict = body.when(body.followsPrices ? this.freshFacts() : this.facts);
      if (verdict !== undefined) return verdict;
    }
    return body.hasCounters ? usageVerdict(planned.promotion, body.body, this.at) : undefined;
  }

  #timeVerdict(body: PlannedBody): string | undefined {
    const { at } = this;
    if (body.period !== undefined) {
      const { start, end } = body.period(at.place.zone);
      if (at.input.at < start) return 'period-not-started';
      if (at.input.at >= end) return 'period-ended';
    }
    return body.open !== undefined && !body.open(at.local) ? 'outside-hours' : undefined;
  }

  select(scope: PlannedScope): Selection {
    if (scope.followsPrices) return scope.select(this.freshFacts());
    const known = this.#scratch.selection(scope.index);
    if (known !== undefined) return known;
    const selection = scope.select(this.facts);
    this.#scratch.keepSelection(scope.index, selection);
    return selection;
  }
}

/** The facts of one decision. Lines and the clock on the wall only when somebody asks. */
class SessionFacts implements Facts {
  readonly input: ArbitrationInput;
  readonly at: Facts['at'];
  readonly place: Facts['place'];
  readonly initialTotal: Facts['initialTotal'];
  currentTotal: Facts['currentTotal'];
  readonly event: Facts['event'];
  readonly missingGeo: Facts['missingGeo'];
  readonly #session: Session;

  constructor(session: Session) {
    const { at } = session;
    this.#session = session;
    this.input = at.input;
    this.event = at.input.event?.fields;
    this.at = at.input.at;
    this.place = at.place;
    this.initialTotal = minorUnits(at.initialTotal);
    this.currentTotal = this.initialTotal;
    this.missingGeo = at.rules.settings.missingGeo;
  }

  get lines(): Facts['lines'] {
    return this.#session.lineFacts;
  }

  get local(): Facts['local'] {
    return this.#session.at.local;
  }
}
