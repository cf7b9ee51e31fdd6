import { unreachable } from '../assert.ts';
import { formatInstant } from '../time/instant.ts';
import type { Moment } from '../time/moment.ts';
import type { Benefit } from './benefit.ts';
import { percentText } from './benefits/definition.ts';
import { definitionOf } from './benefits/list.ts';
import { describeLines } from './conditions/describe.ts';
import { WEEKDAYS } from './document/time.ts';
import type {
  Budget,
  LimitPeriod,
  MaxDiscount,
  MinPrice,
  NodeLimits,
  PromotionBody,
  PromotionLimits,
} from './normal.ts';

/** One line for people: what a benefit gives and on what. Money is in minor units, as in files. */
export function describeBenefit(benefit: Benefit): string {
  const on = benefit.target === 'lines' ? '' : ` on the ${benefit.target}`;
  const times = benefit.timesBundles ? ', times bundles' : '';
  const lines = benefit.lines.length === 0 ? '' : ` for ${describeLines(benefit.lines)}`;
  return `${benefit.kind} ${definitionOf(benefit.kind).describe(benefit)}${on}${times}${lines}`;
}

/** When a body runs; `''` when always. */
export function describeTime({ period, repeat, hours }: PromotionBody): string {
  const parts = [
    period.start === undefined ? '' : `from ${momentOf(period.start)}`,
    period.end === undefined ? '' : `until ${momentOf(period.end)}`,
    repeat === undefined ? '' : `every ${spanOf(repeat.every)} for ${spanOf(repeat.lasts)}`,
    ...hours.map(
      ({ days, from, to }) => `on ${days.map(weekdayOf).join(' ')} ${clock(from)}–${clock(to)}`,
    ),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const HOUR_MS = 3_600_000;

/** A length of time in days and hours, as people say it. */
function spanOf(milliseconds: number): string {
  const days = Math.floor(milliseconds / (24 * HOUR_MS));
  const hours = (milliseconds - days * 24 * HOUR_MS) / HOUR_MS;
  return [days > 0 ? `${days} d` : '', hours > 0 ? `${hours} h` : ''].join(' ').trim();
}

const weekdayOf = (day: number): string => WEEKDAYS[day - 1] ?? '';

function momentOf(moment: Moment): string {
  if (moment.kind === 'instant') return formatInstant(moment.at);
  return moment.time === '00:00' ? moment.date : `${moment.date} ${moment.time}`;
}

function clock(minute: number): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
}

/** Limits of a promotion over many checkouts and units; `''` when there are none. */
export function describeUsage(limits: PromotionLimits): string {
  const { perMember, unitsPerOrder, unitsPerLine, budget } = limits;
  const parts = [
    perMember === undefined ? '' : `per member ${amounts(perMember)}`,
    unitsPerOrder === undefined ? '' : `${unitsPerOrder / 1_000} units per order`,
    unitsPerLine === undefined
      ? ''
      : `${unitsPerLine.units / 1_000} units per ${unitsPerLine.timesBundles ? 'bundle of a line' : 'line'}`,
    budget === undefined ? '' : `budget ${amounts(budget)}${budget.perSku ? ' per sku' : ''}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function amounts(limit: Partial<Budget> & { readonly per: LimitPeriod }): string {
  const given = [
    limit.uses === undefined ? '' : `${limit.uses} uses`,
    limit.units === undefined ? '' : `${limit.units / 1_000} units`,
    limit.discount === undefined ? '' : `${limit.discount} of discount`,
    limit.points === undefined ? '' : `${limit.points} steps of points`,
  ].filter((part) => part !== '');
  return `${given.join(' and ')}${limit.per === 'ever' ? '' : ` a ${limit.per}`}`;
}

/** Limits of a node; `''` when there are none. */
export function describeLimits({ maxDiscount, minPrice }: NodeLimits): string {
  const parts = [
    maxDiscount === undefined ? '' : `at most ${describeMaxDiscount(maxDiscount)} off`,
    minPrice === undefined ? '' : `not below ${describeMinPrice(minPrice)}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function describeMaxDiscount(limit: MaxDiscount): string {
  const amount = limit.kind === 'amount' ? String(limit.amount) : percentText(limit.percent);
  return limit.per === 'line' ? `${amount} a line` : amount;
}

function describeMinPrice(limit: MinPrice): string {
  switch (limit.kind) {
    case 'field':
      return `the field ${limit.field}`;
    case 'amount':
      return String(limit.amount);
    case 'percent':
      return percentText(limit.percent);
    default:
      return unreachable(limit);
  }
}
