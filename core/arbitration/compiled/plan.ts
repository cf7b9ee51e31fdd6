import type { Benefit } from '../../rules/benefit.ts';
import { linesNeeded } from '../../rules/candidates/lines.ts';
import { hierarchyOf } from '../../rules/categories.ts';
import type { Condition, LineScope } from '../../rules/condition.ts';
import type { Facts, Predicate } from '../../rules/facts.ts';
import type {
  ArbitrationNode,
  GroupNode,
  NormalPromotion,
  NormalRuleSet,
  PromotionBody,
  PromotionNode,
} from '../../rules/normal.ts';
import type { LocalTime } from '../../time/local.ts';
import { type InstantPeriod, periodByZone } from '../../time/period.ts';
import { compileHours } from '../../time/weekly.ts';
import { type Anchor, anchorsOf } from '../anchors.ts';
import { decidingBenefits, isRider } from '../benefits.ts';
import { requiredCodes } from '../codes.ts';
import type { NotApplied } from '../decision.ts';
import { isAlwaysCombined } from '../interpret/path.ts';
import { changesPrices, levelOf } from '../interpret/state.ts';
import type { Selection } from '../language.ts';
import { couldWake, followsPrices, mayRaise } from '../maximum/shrinking.ts';
import { Compatibility } from './compatibility.ts';

/**
 * A rule set made ready to run: conditions and scopes are closures, everything that can be told
 * from the rules alone has been told, and equal scopes are one scope.
 */
export interface Plan {
  readonly rules: NormalRuleSet;
  readonly root: PlannedGroup;
  readonly promotions: readonly PlannedPromotion[];
  /** Different chains of line scopes. */
  readonly scopes: readonly PlannedScope[];
  /** Promotions that may take the whole checkout (`never`), in order. */
  readonly nevers: readonly PlannedPromotion[];
  readonly compatibility: Compatibility;
  /** True when some group asks at one level what its children do at the other. */
  readonly looksAhead: boolean;
  /** True when some group asks in which order the codes were presented. */
  readonly goesByRequest: boolean;
}

export interface PlannedGroup {
  readonly kind: 'group';
  readonly group: GroupNode;
  /** The child that holds the promotion at `group.from + index`. */
  readonly childAt: readonly PlannedNode[];
  readonly hasExclusive: boolean;
  /** Where children go by request: the promotions below that may be asked for by code. */
  readonly asked: readonly PlannedPromotion[] | undefined;
  /** Where children go by hierarchy first: theirs. */
  readonly hierarchy: ReadonlyMap<PlannedNode, number> | undefined;
  /** Whether it may lift a price, or do something only once siblings have moved the prices. */
  readonly mayRaise: boolean;
  readonly couldWake: boolean;
  /** A chain in which no child needs to know what another did, and that limits nothing. */
  readonly isPlainChain: boolean;
  /** Position and promotion count, for those who treat all nodes alike. */
  readonly from: number;
  readonly to: number;
}

export type PlannedNode = PlannedGroup | PlannedPromotion;

export interface PlannedPromotion {
  readonly kind: 'promotion';
  readonly node: PromotionNode;
  readonly promotion: NormalPromotion;
  readonly position: number;
  readonly from: number;
  readonly to: number;
  readonly body: PlannedBody;
  /** Place → what it does there. */
  readonly variants: ReadonlyMap<string, PlannedBody>;
  readonly groups: readonly GroupNode[];
  /** As of a group. */
  readonly mayRaise: boolean;
  readonly couldWake: boolean;
  /** True when it matters to it who else applied. */
  readonly isWary: boolean;
  /** What is told most often of a promotion that was no candidate. */
  readonly withoutLines: NotApplied;
}

export interface PlannedBody {
  readonly body: PromotionBody;
  readonly period: ((zone: string) => InstantPeriod) | undefined;
  readonly open: ((local: LocalTime) => boolean) | undefined;
  readonly when: Predicate | undefined;
  /** True when `when` looks at prices that change while the tree is evaluated. */
  readonly followsPrices: boolean;
  /** True where the index only knows that one of the promotion's bodies runs. */
  readonly checksTime: boolean;
  /** Anchors that the index has not made sure of; `undefined` when there are none. */
  readonly checksLines: ReadonlySet<Anchor> | undefined;
  /** Benefits that come along once it applied. */
  readonly riders: readonly PlannedBenefit[];
  /** The codes by which it may be asked for. */
  readonly codes: readonly string[];
  readonly hasCounters: boolean;
  /** True when there are riders or counters. */
  readonly bringsMore: boolean;
  readonly limitsUnits: boolean;
  readonly product: readonly PlannedBenefit[];
  readonly order: readonly PlannedBenefit[];
}

export interface PlannedBenefit {
  readonly benefit: Benefit;
  readonly scope: PlannedScope;
  readonly changesPrices: boolean;
}

export interface PlannedScope {
  readonly index: number;
  readonly scopes: readonly LineScope[];
  readonly select: (facts: Facts) => Selection;
  /** True when what it selects depends on discounts so far. */
  readonly followsPrices: boolean;
}

/** What the compiled engine needs of the rule language, beyond what the interpreter does. */
export interface Compilers {
  readonly condition: (condition: Condition) => Predicate;
  readonly select: (scopes: readonly LineScope[]) => (facts: Facts) => Selection;
}

export interface PlanOptions extends Compilers {
  /** How the candidate index was made. */
  readonly plainReasons: boolean;
}

/** Makes the plan of a rule set. */
export function planOf(rules: NormalRuleSet, options: PlanOptions): Plan {
  const maker = new PlanMaker(rules, options);
  const promotions = rules.promotions.map((promotion) => maker.promotion(promotion));
  const root = maker.group(rules.root, promotions);
  return {
    rules,
    root,
    promotions,
    scopes: maker.scopes,
    nevers: promotions.filter(
      ({ promotion }) =>
        maker.compatibility.isNever(promotion) && isAlwaysCombined(rules, promotion),
    ),
    compatibility: maker.compatibility,
    looksAhead: looksAhead(rules.root),
    goesByRequest: goesByRequest(rules.root),
  };
}

function looksAhead({ decides, children }: GroupNode): boolean {
  if (decides === 'across-levels') return true;
  return children.some((child) =>
    child.kind === 'group' ? looksAhead(child) : child.promotion.stacking.exclusive,
  );
}

function mayBeAskedFor({ body, variants }: PlannedPromotion): boolean {
  return [body, ...variants.values()].some(({ codes }) => codes.length > 0);
}

function goesByRequest({ orderBy, children }: GroupNode): boolean {
  if (orderBy !== undefined) return true;
  return children.some((child) => child.kind === 'group' && goesByRequest(child));
}

function runsAlike(one: PromotionBody, two: PromotionBody): boolean {
  const time = ({ period, hours }: PromotionBody) => JSON.stringify([period, hours]);
  return time(one) === time(two);
}

/** The node of the tree that a planned one stands for. */
export function nodeOf(planned: PlannedNode): ArbitrationNode {
  return planned.kind === 'group' ? planned.group : planned.node;
}

class PlanMaker {
  readonly scopes: PlannedScope[] = [];
  readonly compatibility: Compatibility;
  readonly #rules: NormalRuleSet;
  readonly #compilers: Compilers;
  readonly #plainReasons: boolean;
  readonly #scopeOf = new Map<string, PlannedScope>();
  readonly #groupsOf: (readonly GroupNode[])[] = [];

  constructor(rules: NormalRuleSet, { plainReasons, ...compilers }: PlanOptions) {
    this.#rules = rules;
    this.compatibility = new Compatibility(rules);
    this.#compilers = compilers;
    this.#plainReasons = plainReasons;
    this.#noteGroups(rules.root, []);
  }

  #noteGroups(group: GroupNode, above: readonly GroupNode[]): void {
    const path = [...above, group];
    for (const child of group.children) {
      if (child.kind === 'group') this.#noteGroups(child, path);
      else this.#groupsOf[child.promotion.position] = path;
    }
  }

  group(group: GroupNode, promotions: readonly PlannedPromotion[]): PlannedGroup {
    const childAt: PlannedNode[] = [];
    for (const child of group.children) {
      const planned = this.#node(child, promotions);
      for (let at = planned.from; at < planned.to; at += 1) childAt[at - group.from] = planned;
    }
    const promoted = group.children.flatMap((child) =>
      child.kind === 'promotion' ? [child.promotion.stacking] : [],
    );
    const hasExclusive = promoted.some(({ exclusive }) => exclusive);
    const asked =
      group.orderBy === undefined
        ? undefined
        : promotions.slice(group.from, group.to).filter(mayBeAskedFor);
    const isPlainChain =
      group.mode === 'sequential' &&
      asked === undefined &&
      group.limits.maxDiscount === undefined &&
      !promoted.some(({ exclusive, stopAfter }) => exclusive || stopAfter);
    const hierarchy =
      group.orderBy === 'hierarchy'
        ? new Map(childAt.map((child) => [child, hierarchyOf(nodeOf(child), this.#rules)]))
        : undefined;
    return {
      kind: 'group',
      group,
      childAt,
      hasExclusive,
      asked,
      hierarchy,
      mayRaise: mayRaise(group),
      couldWake: couldWake(group, this.#rules.settings),
      isPlainChain,
      from: group.from,
      to: group.to,
    };
  }

  #node(child: ArbitrationNode, promotions: readonly PlannedPromotion[]): PlannedNode {
    if (child.kind === 'group') return this.group(child, promotions);
    return promotions[child.promotion.position] ?? this.promotion(child.promotion);
  }

  promotion(promotion: NormalPromotion): PlannedPromotion {
    const { position } = promotion;
    const node: PromotionNode = { kind: 'promotion', promotion };
    return {
      kind: 'promotion',
      node,
      promotion,
      position,
      from: position,
      to: position + 1,
      body: this.#body(promotion, promotion.body),
      variants: new Map(
        promotion.variants.map(({ place, body }) => [place, this.#body(promotion, body)]),
      ),
      groups: this.#groupsOf[position] ?? [this.#rules.root],
      mayRaise: mayRaise(node),
      couldWake: couldWake(node, this.#rules.settings),
      isWary: this.compatibility.cares(promotion),
      withoutLines: { promotion: promotion.id, reason: 'no-eligible-line' },
    };
  }

  #body(promotion: NormalPromotion, body: PromotionBody): PlannedBody {
    const { period, hours, when, limits } = body;
    const deciding = decidingBenefits(body).map((one) => this.#benefit(one));
    const riders = body.benefits.filter(isRider).map((one) => this.#benefit(one));
    const { perMember, budget, unitsPerLine, unitsPerOrder } = limits;
    const hasCounters = perMember !== undefined || budget !== undefined;
    return {
      body,
      period:
        period.start === undefined && period.end === undefined ? undefined : periodByZone(period),
      open: hours.length === 0 ? undefined : compileHours(hours),
      when: when.kind === 'always' ? undefined : this.#compilers.condition(when),
      checksTime: promotion.variants.some((one) => !runsAlike(one.body, promotion.body)),
      checksLines: this.#unsureLines(promotion, body),
      riders,
      codes: requiredCodes(when),
      followsPrices: followsPrices(when),
      hasCounters,
      bringsMore: hasCounters || riders.length > 0,
      limitsUnits:
        perMember?.units !== undefined ||
        budget?.units !== undefined ||
        unitsPerLine !== undefined ||
        unitsPerOrder !== undefined,
      product: deciding.filter(({ benefit }) => levelOf(benefit) === 'product'),
      order: deciding.filter(({ benefit }) => levelOf(benefit) === 'order'),
    };
  }

  /** What the index lets through has these anchors, or else they have to be looked for. */
  #unsureLines(promotion: NormalPromotion, body: PromotionBody): PlannedBody['checksLines'] {
    const anchors = anchorsOf(body);
    if (anchors === undefined) return undefined;
    const found = linesNeeded(promotion, !this.#plainReasons);
    return found?.isSubsetOf(anchors) === true ? undefined : anchors;
  }

  #benefit(benefit: Benefit): PlannedBenefit {
    return {
      benefit,
      scope: this.scope(benefit.lines),
      changesPrices: changesPrices(benefit),
    };
  }

  scope(scopes: readonly LineScope[]): PlannedScope {
    const key = JSON.stringify(scopes);
    const known = this.#scopeOf.get(key);
    if (known !== undefined) return known;
    const scope: PlannedScope = {
      index: this.scopes.length,
      scopes,
      select: this.#compilers.select(scopes),
      followsPrices: scopes.some(({ where }) => followsPrices(where)),
    };
    this.scopes.push(scope);
    this.#scopeOf.set(key, scope);
    return scope;
  }
}
