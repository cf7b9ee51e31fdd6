import { unreachable } from '../assert.ts';
import { formatInstant } from '../time/instant.ts';
import type { Moment } from '../time/moment.ts';
import type { Benefit, PointsBenefit } from './benefit.ts';
import { describeLines } from './conditions/describe.ts';
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
  return `${benefit.kind} ${amountOf(benefit)}${on}${times}${lines}`;
}

function amountOf(benefit: Benefit): string {
  switch (benefit.kind) {
    case 'discount':
      return benefit.value.by === 'percent'
        ? percent(benefit.value.percent)
        : `${benefit.value.amount} per ${benefit.value.per}`;
    case 'price':
      return benefit.value.by === 'amount'
        ? String(benefit.value.amount)
        : `${benefit.value.field} × ${benefit.value.factor / 1e6} + ${benefit.value.plus}`;
    case 'round':
      return `to ${benefit.to}`;
    case 'pay-with-points':
      return [paymentOf(benefit.value), 'of', benefit.type, benefit.asDiscount ? 'as discount' : '']
        .join(' ')
        .trim();
    case 'points':
      return `${pointsOf(benefit.value)} ${benefit.type}, ${benefit.credit.kind}`;
    case 'multiply-points':
      return `× ${benefit.factor / 1e6}${benefit.type === undefined ? '' : ` ${benefit.type}`}`;
    case 'partner-discount':
      return benefit.partner ?? 'of the partner of each line';
    case 'text':
      return 'from a template';
    case 'issue-code':
      return `from ${benefit.pool}`;
    case 'top-up':
      return `for every ${benefit.at} steps of ${benefit.type}`;
    default:
      return unreachable(benefit);
  }
}

function paymentOf(value: Extract<Benefit, { kind: 'pay-with-points' }>['value']): string {
  switch (value.by) {
    case 'percent':
      return percent(value.percent);
    case 'amount':
      return String(value.amount);
    case 'points':
      return `${value.points} steps`;
    default:
      return unreachable(value);
  }
}

function pointsOf(value: PointsBenefit['value']): string {
  switch (value.by) {
    case 'fixed':
      return `${value.points} steps`;
    case 'rate':
      return `${value.rate.numerator}/${value.rate.denominator} steps a minor unit`;
    case 'every':
      return `${value.points} steps ${value.continuous ? 'in proportion to' : 'for every'} ${value.spend}`;
    case 'field':
      return `of the field ${value.field}`;
    case 'range':
      return `${value.from} to ${value.to} steps`;
    default:
      return unreachable(value);
  }
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

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
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
  const amount = limit.kind === 'amount' ? String(limit.amount) : percent(limit.percent);
  return limit.per === 'line' ? `${amount} a line` : amount;
}

function describeMinPrice(limit: MinPrice): string {
  switch (limit.kind) {
    case 'field':
      return `the field ${limit.field}`;
    case 'amount':
      return String(limit.amount);
    case 'percent':
      return percent(limit.percent);
    default:
      return unreachable(limit);
  }
}

function percent(millionths: number): string {
  return `${millionths / 10_000} %`;
}
