import { type Bits, noBits } from '../../rules/candidates/bits.ts';
import { type CandidateIndex, indexCandidates } from '../../rules/candidates.ts';
import type { NormalPromotion, NormalRuleSet } from '../../rules/normal.ts';
import { requiredCodes } from '../codes.ts';
import type { ArbitrationInput, Decision, DecisionResult } from '../decision.ts';
import { refusedDiscounts } from '../interpret/acceptance.ts';
import { promotionsInOrder } from '../interpret/order.ts';
import { floorsAbove } from '../interpret/path.ts';
import type { Level } from '../interpret/state.ts';
import type { Language } from '../language.ts';
import { refusalOf } from '../refusal.ts';
import { BodiesByPlace } from './bodies.ts';
import { type CaseFrame, caseFrame, QuickCase } from './case.ts';
import { runPromotion } from './leaf.ts';
import { run } from './nodes.ts';
import { type Compilers, type Plan, type PlannedPromotion, planOf } from './plan.ts';
import { Scratch } from './scratch.ts';
import { type Scene, Session, type Workplace } from './session.ts';
import { settleSession } from './settle.ts';

/** Rule sets of up to this many promotions tell of each one why it did not apply. */
export const REASONS_FOR_ALL_MAX = 16;

/**
 * The compiled tree's way to decide. It must agree with `interpret` in every byte, but for this:
 * of more than `REASONS_FOR_ALL_MAX` promotions only candidates are told why they did not apply,
 * because the others were never looked at.
 */
export function compileDecide(
  rules: NormalRuleSet,
  language: Language,
  options: Compilers & { readonly reasonsForAll?: boolean },
): (input: ArbitrationInput) => DecisionResult {
  const tree = new CompiledTree(rules, language, options);
  return (input) => tree.decide(input);
}

/** The candidates with something to say at a level. */
function actingAt(level: Level, { live, bodies }: Omit<Scene, 'at'>): readonly number[] {
  const acts = bodies.acts[level];
  let count = 0;
  for (let at = 0; at < live.length; at += 1) count += acts[live[at] ?? 0] ?? 0;
  if (count === live.length) return live;
  return count === 0 ? NOBODY : live.filter((position) => acts[position] === 1);
}

const NOBODY: readonly number[] = [];

class CompiledTree implements Workplace {
  readonly plan: Plan;
  readonly scratch: Scratch;
  readonly #frame: CaseFrame;
  readonly #bodies: BodiesByPlace;
  readonly #index: CandidateIndex;
  /** What runs now, when every promotion is told its reason. */
  readonly #running: Bits | undefined;

  constructor(
    rules: NormalRuleSet,
    language: Language,
    options: Compilers & { readonly reasonsForAll?: boolean },
  ) {
    const count = rules.promotions.length;
    const plainReasons = options.reasonsForAll ?? count <= REASONS_FOR_ALL_MAX;
    this.plan = planOf(rules, { ...options, plainReasons });
    this.scratch = new Scratch(this.plan);
    this.#frame = caseFrame(rules, language);
    this.#bodies = new BodiesByPlace(this.plan);
    this.#index = indexCandidates(rules, { plainReasons });
    this.#running = plainReasons ? noBits(count) : undefined;
  }

  decide(input: ArbitrationInput): DecisionResult {
    const { rules } = this.#frame;
    const refusal = input.checkout.pay === undefined ? undefined : refusalOf(rules, input);
    if (refusal !== undefined) return { ok: false, refusal };
    const at = new QuickCase(this.#frame, input);
    const bodies = this.#bodies.at(at.place.path);
    const live = this.#index.lookup(input, at.place, this.#running);
    const scene = { at, bodies, live };
    if (this.plan.nevers.length > 0) at.suppressed = this.#never(scene);
    const decision = this.#once(scene);
    if (rules.settings.codes !== 'all') return { ok: true, decision };
    return { ok: true, decision: this.#withAllCodes(scene, decision) };
  }

  #once(scene: Scene): Decision {
    const session = new Session(this, scene);
    this.#runLevel(session, scene, 'product');
    this.#runLevel(session, scene, 'order');
    const decision = settleSession(session, this.#running);
    const refused = refusedDiscounts(scene.at, decision.redemptions);
    if (refused.size === 0) return decision;
    scene.at.suppressed = new Map([...scene.at.suppressed, ...refused]);
    return this.#once(scene);
  }

  #runLevel(session: Session, { live, bodies }: Scene, level: Level): void {
    const { root, looksAhead } = this.plan;
    const acting = looksAhead ? live : actingAt(level, { live, bodies });
    session.level = level;
    if (acting.length > 0) run(session, { node: root, live: acting, lo: 0, hi: acting.length });
  }

  /** The promotions that a never stackable one keeps out. */
  #never(scene: Scene): ReadonlyMap<NormalPromotion, string> {
    const { at, live } = scene;
    const owner = this.#neversInOrder(at).find((planned) => {
      if (!live.includes(planned.position)) return false;
      const session = new Session(this, scene);
      session.floors = floorsAbove(at, planned.promotion);
      runPromotion(session, planned);
      session.level = 'order';
      if (session.effects.length === 0) runPromotion(session, planned);
      return session.effects.length > 0;
    });
    if (owner === undefined) return at.suppressed;
    const { rules, compatibility } = this.plan;
    const others = rules.promotions.filter(
      (promotion) =>
        promotion !== owner.promotion && !compatibility.areCompatible(owner.promotion, promotion),
    );
    return new Map(others.map((promotion) => [promotion, 'not-stackable']));
  }

  #neversInOrder(at: QuickCase): readonly PlannedPromotion[] {
    const { nevers, goesByRequest } = this.plan;
    if (!goesByRequest || nevers.length < 2) return nevers;
    const byPromotion = new Map(nevers.map((planned) => [planned.promotion, planned]));
    return promotionsInOrder(at).flatMap((promotion) => byPromotion.get(promotion) ?? []);
  }

  /** With `codes: all`, one code that leads to nothing spoils them all. */
  #withAllCodes(scene: Scene, decision: Decision): Decision {
    const { at, bodies } = scene;
    const missed = new Set(decision.notApplied.map(({ promotion }) => promotion));
    const byCode = this.plan.promotions
      .map((planned) => ({
        promotion: planned.promotion,
        codes: requiredCodes((bodies.list[planned.position] ?? planned.body).body.when),
        isLive: scene.live.includes(planned.position),
      }))
      .filter(({ codes }) => codes.length > 0);
    const used = new Set(
      byCode.flatMap(({ promotion, codes, isLive }) =>
        !isLive || missed.has(promotion.id) ? [] : codes,
      ),
    );
    if (at.input.checkout.codes.every((code) => used.has(code))) return decision;
    const suppressed = new Map(at.suppressed);
    for (const { promotion } of byCode) suppressed.set(promotion, 'code-rejected');
    at.suppressed = suppressed;
    return this.#once(scene);
  }
}
