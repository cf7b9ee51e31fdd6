import type { Facts } from '../../rules/facts.ts';
import type { NormalPromotion, PromotionBody, Regions } from '../../rules/normal.ts';
import type { EligibilityReason } from '../../rules/reasons.ts';
import type { NormalPeriod } from '../../time/period.ts';
import { recursAt } from '../../time/recurrence.ts';
import { anchorsOf, hasAnchor } from '../anchors.ts';
import type { ArbitrationInput } from '../decision.ts';
import type { Case } from './case.ts';
import { usageVerdict } from './usage.ts';

/** The body that counts at the place of the checkout: the nearest that differs, or the usual. */
export function bodyOf(promotion: NormalPromotion, at: Case): PromotionBody {
  for (const place of at.place.path) {
    const variant = promotion.variants.find((one) => one.place === place);
    if (variant !== undefined) return variant.body;
  }
  return promotion.body;
}

/** Why a promotion may not apply now; `undefined` when it may. The order is part of the answer. */
export function eligibility(
  promotion: NormalPromotion,
  facts: Facts,
  at: Case,
): string | undefined {
  const body = bodyOf(promotion, at);
  return (
    beforeConditions(promotion, body, at) ??
    eventVerdict(promotion, at.input) ??
    recurrenceVerdict(body, at) ??
    at.language.holds(body.when, facts) ??
    usageVerdict(promotion, body, at)
  );
}

/** What an index can tell as well: place, channel, time, and whether there is a line for it. */
export function beforeConditions(
  promotion: NormalPromotion,
  body: PromotionBody,
  at: Case,
): EligibilityReason | undefined {
  return (
    placeVerdict(promotion.regions, at.place.path) ??
    channelVerdict(body.channels, at.input.checkout.channel) ??
    periodVerdict(body.period, at) ??
    hoursVerdict(body, at) ??
    linesVerdict(body, at)
  );
}

/** From the store upwards, the first place that is mentioned decides. */
function placeVerdict(
  regions: Regions | undefined,
  path: readonly string[],
): EligibilityReason | undefined {
  if (regions === undefined) return undefined;
  for (const place of path) {
    if (regions.except.includes(place)) return 'region-excluded';
    if (regions.in.includes(place)) return undefined;
  }
  if (regions.in.length === 0) return undefined;
  return path.length === 0 ? 'region-unknown' : 'region-excluded';
}

function channelVerdict(
  channels: readonly string[],
  channel: string | undefined,
): EligibilityReason | undefined {
  if (channels.length === 0) return undefined;
  return channel !== undefined && channels.includes(channel) ? undefined : 'channel-excluded';
}

function periodVerdict(period: NormalPeriod, at: Case): EligibilityReason | undefined {
  const { zone } = at.place;
  const { resolve } = at.language;
  const now = at.input.at;
  if (period.start !== undefined && now < resolve(period.start, zone, 'start')) {
    return 'period-not-started';
  }
  if (period.end !== undefined && now >= resolve(period.end, zone, 'end')) return 'period-ended';
  return undefined;
}

/** Events run triggers, and nothing else takes points away (003-26, 003-27). */
export function eventVerdict(
  { type, deducts }: NormalPromotion,
  { event }: ArbitrationInput,
): EligibilityReason | undefined {
  if (event !== undefined) return type === 'trigger' ? undefined : 'not-on-events';
  return deducts ? 'only-on-events' : undefined;
}

function recurrenceVerdict({ repeat }: PromotionBody, at: Case): EligibilityReason | undefined {
  if (repeat === undefined || recursAt(repeat, at.input.at, at.place.zone)) return undefined;
  return 'between-occurrences';
}

/** Hours that run past midnight belong to the day on which they start. */
function hoursVerdict(body: PromotionBody, at: Case): EligibilityReason | undefined {
  if (body.hours.length === 0) return undefined;
  const { weekday, minute } = at.local;
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  const open = body.hours.some(({ days, from, to }) => {
    if (to > from) return days.includes(weekday) && minute >= from && minute < to;
    const sinceToday = days.includes(weekday) && minute >= from;
    return sinceToday || (days.includes(yesterday) && minute < to);
  });
  return open ? undefined : 'outside-hours';
}

/** Told before conditions are asked: the promotion is for lines that are not there. */
function linesVerdict(body: PromotionBody, { lines }: Case): EligibilityReason | undefined {
  return hasAnchor(lines, anchorsOf(body)) ? undefined : 'no-eligible-line';
}
