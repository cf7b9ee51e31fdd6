import type { ReturnPolicy } from '../../arbitration/tree.ts';
import { must } from '../../assert.ts';
import {
  addDays,
  addMonths,
  DAY_MS,
  dateOfDay,
  dayNumber,
  formatDate,
  parseDate,
} from '../../time/date.ts';
import { addDuration, type CalendarDuration, fixedMilliseconds } from '../../time/duration.ts';
import { parseClock } from '../../time/instant.ts';
import type { Moment } from '../../time/moment.ts';
import type { NormalPeriod } from '../../time/period.ts';
import type { Recurrence } from '../../time/recurrence.ts';
import { canonicalText, compareText } from '../canonical.ts';
import type { DocumentLimits, DocumentNodeLimits } from '../document/limits.ts';
import type { DocumentCategory } from '../document/program.ts';
import type { DocumentBody, DocumentPromotion } from '../document/promotion.ts';
import type {
  Budget,
  NodeLimits,
  NormalPromotion,
  PromotionBody,
  PromotionLimits,
  Regions,
  Stacking,
} from '../normal.ts';
import { type BenefitContext, normalBenefit } from './benefits.ts';
import { joined, normalCondition } from './conditions.ts';
import { normalLines } from './lines.ts';
import { type Scales, steps } from './scale.ts';

export interface PromotionContext extends Omit<BenefitContext, 'promotionLines' | 'constants'> {
  readonly currency: string;
  /** The programme's zone. */
  readonly zone: string;
  /** What a partial return does with what promotions gave, where they do not say it. */
  readonly returns: ReturnPolicy;
  /** The stacking categories of the programme's own. */
  readonly categories: ReadonlyMap<string, DocumentCategory>;
}

/** A promotion without its position, which only the tree knows. */
export function normalPromotion(
  promotion: DocumentPromotion,
  context: PromotionContext,
): Omit<NormalPromotion, 'position'> {
  const constants = { promotion: promotion.promotion, currency: context.currency };
  const category = context.categories.get(stackingOf(promotion).category);
  const inside = { ...context, constants, category };
  return {
    id: promotion.promotion,
    type: promotion.type,
    regions: normalRegions(promotion),
    stacking: { ...stackingOf(promotion), calculation: category?.calculation },
    deducts: promotion.deducts && promotion.type === 'trigger',
    returns: promotion.returns ?? context.returns,
    body: normalBody(promotion.body, inside),
    variants: promotion.variants
      .map(({ place, body }) => ({ place, body: normalBody(body, inside) }))
      .sort((left, right) => compareText(left.place, right.place)),
  };
}

export function stackingOf({ stacking }: DocumentPromotion): Omit<Stacking, 'calculation'> {
  return stacking ?? { category: 'common', priority: 0, exclusive: false, stopAfter: false };
}

function normalRegions({ regions }: DocumentPromotion): Regions | undefined {
  if (regions === undefined || regions.in.length + regions.except.length === 0) return undefined;
  return { in: asSet(regions.in), except: asSet(regions.except) };
}

function asSet(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort(compareText);
}

function normalBody(
  body: DocumentBody,
  context: PromotionContext &
    Pick<BenefitContext, 'constants'> & { readonly category: DocumentCategory | undefined },
): PromotionBody {
  const inside: BenefitContext = { ...context, promotionLines: body.lines };
  const conditions = [context.category?.when, body.when];
  return {
    period: normalPeriod(body, context.zone),
    repeat: recurrenceOf(body),
    hours: sortedByText(body.hours),
    channels: asSet(body.channels),
    when: joined(
      'all',
      conditions.map((one) => normalCondition(one, context)),
    ),
    lines: normalLines([body.lines], context),
    mode: body.benefits.mode,
    benefits: body.benefits.list.map((benefit) => normalBenefit(benefit, inside)),
    limits: normalLimits(body, context.scales),
  };
}

function sortedByText<T>(values: readonly T[]): readonly T[] {
  const byText = new Map(values.map((value) => [canonicalText(value), value]));
  return [...byText].sort(([left], [right]) => compareText(left, right)).map(([, value]) => value);
}

function normalPeriod({ period }: DocumentBody, zone: string): NormalPeriod {
  if (period?.for === undefined || period.start === undefined) {
    return { start: period?.start, end: period?.end };
  }
  return { start: period.start, end: later(period.start, period.for, zone) };
}

/** Validation made sure of the start, and that no part is counted in months. */
function recurrenceOf({ period }: DocumentBody): Recurrence | undefined {
  if (period?.repeat === undefined || period.start === undefined) return undefined;
  const { every, for: lasts } = period.repeat;
  return {
    start: period.start,
    every: must(fixedMilliseconds(every), 'an interval has no months'),
    lasts: must(fixedMilliseconds(lasts), 'an occurrence has no months'),
  };
}

/** A local start has a local end, by the wall clock of each place. */
function later(start: Moment, duration: CalendarDuration, zone: string): Moment {
  if (start.kind === 'instant') {
    return { kind: 'instant', at: addDuration(start.at, duration, zone) };
  }
  const date = must(parseDate(start.date), 'a moment has a date');
  const clock = must(parseClock(start.time), 'a moment has a time') + duration.milliseconds;
  const shifted = addDays(addMonths(date, duration.months), duration.days);
  const day = dayNumber(shifted) + Math.floor(clock / DAY_MS);
  const time = new Date(clock - Math.floor(clock / DAY_MS) * DAY_MS).toISOString().slice(11, 19);
  return { kind: 'local', date: formatDate(dateOfDay(day)), time: time.replace(/:00$/, '') };
}

export function normalNodeLimits(limits: DocumentNodeLimits | undefined): NodeLimits {
  return { maxDiscount: limits?.maxDiscount, minPrice: limits?.minPrice };
}

function normalLimits(body: DocumentBody, scales: Scales): PromotionLimits {
  const { limits } = body;
  const perLine = limits?.unitsPerLine;
  return {
    ...normalNodeLimits(limits),
    perMember: limits?.perMember,
    unitsPerOrder: limits?.unitsPerOrder,
    unitsPerLine:
      perLine === undefined
        ? undefined
        : { units: perLine.units, timesBundles: perLine.times === 'bundles' },
    budget: normalBudget(limits, body, scales),
  };
}

function normalBudget(
  limits: DocumentLimits | undefined,
  body: DocumentBody,
  scales: Scales,
): Budget | undefined {
  const budget = limits?.budget;
  if (budget === undefined) return undefined;
  const { points, per, ...rest } = budget;
  return {
    ...rest,
    points: points === undefined ? undefined : steps(points, budgetPrecision(body, scales)),
    per: per === 'sku' ? 'ever' : per,
    perSku: per === 'sku',
  };
}

/** A budget of points is in the type that the promotion gives first. */
function budgetPrecision(body: DocumentBody, scales: Scales): number {
  for (const { arguments: given } of body.benefits.list) {
    if ('type' in given && given.type !== undefined) return scales.precisionOf(given.type);
  }
  return scales.precisionOf(scales.defaultType);
}
