import {
  type Instant,
  instant,
  type MinorUnits,
  minorUnits,
  type Thousandths,
  thousandths,
} from '../money/units.ts';
import type { ShapeReason } from '../outcome/reasons.ts';
import { fixedMilliseconds, parseDuration } from '../time/duration.ts';
import {
  type Diagnosis,
  decimalOf,
  diagnoseDate,
  diagnoseDuration,
  diagnoseInstant,
  diagnoseInteger,
  diagnoseName,
  diagnosePoints,
  diagnoseQuantity,
  diagnoseText,
  isAbsent,
  tooMany,
  wrongType,
} from './diagnose.ts';
import { isCalendarDate, parseInstant } from './instant.ts';
import {
  MAX_NAME_LENGTH,
  MAX_POINT_DECIMALS,
  MAX_POINTS,
  MAX_PRICE,
  MAX_QUANTITY,
} from './limits.ts';
import { toThousandths } from './quantity.ts';
import { isPrintable } from './text.ts';

/** An object of the sender. Only read by name, never kept. */
export interface Raw {
  readonly [name: string]: unknown;
}

/** What is wrong with a transaction, for the record and for a person. */
export interface Problem {
  readonly reason: ShapeReason;
  /** JSON pointer into the transaction. */
  readonly path: string;
  readonly message: string;
}

const NO_NAMES: readonly string[] = Object.freeze([]);

/**
 * Reads checked values out of an untrusted object. The first problem sticks: after it every
 * method goes on answering with a harmless value, and the caller looks at `problem` once, at
 * the end. So the path of a valid transaction has no branches for errors and allocates nothing
 * but the result. `null` and an absent field are the same.
 */
export class Reader {
  problem: Problem | undefined = undefined;
  #list = '';
  #index = -1;

  /** Says which entry of which list is being read; paths start there until `leave`. */
  enter(list: string, index: number): void {
    this.#list = list;
    this.#index = index;
  }

  leave(): void {
    this.#index = -1;
  }

  /** Records the problem if it is the first. `key` is '' for the object itself. */
  fail(diagnosis: Diagnosis, key: string): void {
    if (this.problem !== undefined) return;
    const place = this.#index < 0 ? '' : `/${this.#list}/${this.#index}`;
    const path = key === '' ? place : `${place}/${key}`;
    const subject = path === '' ? 'The transaction' : `\`${path.slice(1)}\``;
    this.problem = { reason: diagnosis.reason, path, message: `${subject} ${diagnosis.says}` };
  }

  /** An id or name: 1 to 128 printable characters. */
  name(value: unknown, key: string): string {
    if (isName(value)) return value;
    this.fail(diagnoseName(value), key);
    return '';
  }

  optionalName(value: unknown, key: string): string | undefined {
    if (isAbsent(value)) return undefined;
    return this.name(value, key);
  }

  /** A list of at most `limit` names. One name alone may stand for a list of one. */
  names(value: unknown, key: string, limit: number): readonly string[] {
    if (isAbsent(value)) return NO_NAMES;
    if (typeof value === 'string') return [this.name(value, key)];
    const list = this.list(value, key, limit);
    if (list.length === 0) return NO_NAMES;
    // A copy is as long as its list; one that grew entry by entry has room for more.
    if (list.every(isName)) return list.slice();
    const wrong = list.findIndex((entry) => !isName(entry));
    this.fail(diagnoseName(list[wrong]), `${key}/${wrong}`);
    return NO_NAMES;
  }

  /** A list of anything, checked for its length only. */
  list(value: unknown, key: string, limit: number): readonly unknown[] {
    if (Array.isArray(value) && value.length <= limit) return value;
    this.fail(Array.isArray(value) ? tooMany(limit) : wrongType('a list'), key);
    return NO_NAMES;
  }

  /** Money in minor units, 0 to 10^12. */
  price(value: unknown, key: string): MinorUnits {
    // Adding 0 turns −0 into 0.
    if (isIntegerWithin(value, 0, MAX_PRICE)) return minorUnits(value + 0);
    this.fail(diagnoseInteger(value, 0, MAX_PRICE), key);
    return minorUnits(0);
  }

  /** A whole number from 1 to `most`. */
  count(value: unknown, key: string, most: number): number {
    if (isIntegerWithin(value, 1, most)) return value;
    this.fail(diagnoseInteger(value, 1, most), key);
    return 1;
  }

  /** A quantity above zero with at most three decimals, as a number or a decimal text. */
  quantity(value: unknown, key: string): Thousandths {
    if (typeof value === 'number' || typeof value === 'string') {
      const scaled = toThousandths(value);
      if (scaled !== undefined && scaled > 0 && scaled <= MAX_QUANTITY) return scaled;
    }
    this.fail(diagnoseQuantity(value), key);
    return thousandths(1);
  }

  /** Points from `least` to 10^12 as the sender writes them: a number or a decimal text. */
  points(value: unknown, key: string, least: number): number {
    const amount = typeof value === 'string' ? decimalOf(value) : value;
    if (isPointAmount(amount) && amount >= least) return amount + 0;
    this.fail(diagnosePoints(amount, least), key);
    return 0;
  }

  instant(value: unknown, key: string): Instant {
    const at = typeof value === 'string' ? parseInstant(value) : undefined;
    if (at !== undefined) return at;
    this.fail(diagnoseInstant(value), key);
    return instant(0);
  }

  optionalInstant(value: unknown, key: string): Instant | undefined {
    if (isAbsent(value)) return undefined;
    return this.instant(value, key);
  }

  /** A length of time above zero, like `PT15M`, without months: milliseconds. */
  duration(value: unknown, key: string, most: number): number {
    const duration = typeof value === 'string' ? parseDuration(value) : undefined;
    const length = duration && fixedMilliseconds(duration);
    if (length !== undefined && length > 0 && length <= most) return length;
    this.fail(diagnoseDuration(value, most), key);
    return 1;
  }

  optionalDate(value: unknown, key: string): string | undefined {
    if (isAbsent(value)) return undefined;
    if (typeof value === 'string' && isCalendarDate(value)) return value;
    this.fail(diagnoseDate(value), key);
    return undefined;
  }

  /** An instant, or a date of which the rule set says when it begins and ends. */
  optionalInstantOrDate(value: unknown, key: string): Instant | string | undefined {
    // Instants begin with 1970; so does a date from 1971 on, in every zone.
    if (typeof value === 'string' && isCalendarDate(value) && value >= '1971') return value;
    return this.optionalInstant(value, key);
  }

  /** Text for people, which may have line breaks; '' when absent. */
  comment(value: unknown, key: string, limit: number): string {
    if (isAbsent(value)) return '';
    if (typeof value === 'string' && value.length <= limit && value.isWellFormed()) return value;
    this.fail(diagnoseText(value, limit), key);
    return '';
  }
}

/** True for an object that may have named fields: no list and nothing primitive. */
export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for 1 to 128 printable characters. */
export function isName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= MAX_NAME_LENGTH &&
    isPrintable(value)
  );
}

function isIntegerWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most && Number.isInteger(value);
}

const POINT_SCALE = 10 ** MAX_POINT_DECIMALS;

function isPointAmount(value: unknown): value is number {
  if (typeof value !== 'number' || !(Math.abs(value) <= MAX_POINTS)) return false;
  return Number.isInteger(value) || Math.round(value * POINT_SCALE) / POINT_SCALE === value;
}
