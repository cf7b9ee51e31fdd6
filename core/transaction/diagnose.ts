import type { ShapeReason } from '../outcome/reasons.ts';
import { MAX_NAME_LENGTH, MAX_POINT_DECIMALS, MAX_POINTS, MAX_QUANTITY } from './limits.ts';

/**
 * Finds out what is wrong with a value that a reader has already refused. Kept apart from the
 * reading itself, so that the checks of valid input stay short and fast.
 */

/** A reason and the rest of the sentence that starts with the field's name. */
export interface Diagnosis {
  readonly reason: ShapeReason;
  readonly says: string;
}

export const MISSING: Diagnosis = { reason: 'missing-field', says: 'is missing.' };
const TOO_SMALL: Diagnosis = {
  reason: 'number-too-small',
  says: 'is below the least possible value.',
};

/** Of a name, or of an entry of a list of names. */
export function diagnoseName(value: unknown): Diagnosis {
  if (isAbsent(value)) return MISSING;
  if (value === '') return { reason: 'empty-text', says: 'is empty.' };
  return diagnoseText(value, MAX_NAME_LENGTH);
}

export function diagnoseText(value: unknown, limit: number): Diagnosis {
  if (typeof value !== 'string') return wrongType('a text');
  if (value.length > limit) {
    return { reason: 'text-too-long', says: `may have at most ${limit} characters.` };
  }
  return { reason: 'not-printable', says: 'may have printable characters only.' };
}

/** Of a whole number from `least` to `most`. */
export function diagnoseInteger(value: unknown, least: number, most: number): Diagnosis {
  const notNumber = diagnoseNumber(value);
  if (notNumber !== undefined) return notNumber;
  if (Number(value) < least) return TOO_SMALL;
  if (Number(value) > most) return tooLarge(most);
  return { reason: 'not-an-integer', says: 'has to be a whole number.' };
}

export function diagnoseQuantity(value: unknown): Diagnosis {
  const number = typeof value === 'string' ? decimalOf(value) : value;
  const notNumber = diagnoseNumber(number);
  if (notNumber !== undefined) return notNumber;
  if (Number(number) <= 0) return TOO_SMALL;
  if (Number(number) > MAX_QUANTITY / 1_000) return tooLarge(MAX_QUANTITY / 1_000);
  return { reason: 'too-many-decimals', says: 'may have at most three decimals.' };
}

/** Of points; a text has been turned into its number, or NaN, before. */
export function diagnosePoints(value: unknown, least: number): Diagnosis {
  const notNumber = diagnoseNumber(value);
  if (notNumber !== undefined) return notNumber;
  if (Number(value) < least) return TOO_SMALL;
  if (Number(value) > MAX_POINTS) return tooLarge(MAX_POINTS);
  return { reason: 'too-many-decimals', says: `may have at most ${MAX_POINT_DECIMALS} decimals.` };
}

export function diagnoseInstant(value: unknown): Diagnosis {
  if (isAbsent(value)) return MISSING;
  if (typeof value !== 'string') return wrongType('a text');
  return { reason: 'invalid-instant', says: 'has to be like `2026-11-21T18:04:11+05:00`.' };
}

export function diagnoseDate(value: unknown): Diagnosis {
  if (typeof value !== 'string') return wrongType('a text');
  return { reason: 'invalid-date', says: 'has to be a date like `1990-02-28`.' };
}

export function diagnoseDuration(value: unknown, most: number): Diagnosis {
  if (typeof value !== 'string') return wrongType('a text');
  const hours = most / 3_600_000;
  const says = `has to be a length of time like \`PT15M\`, above zero and at most PT${hours}H.`;
  return { reason: 'invalid-duration', says };
}

export function wrongType(expected: string): Diagnosis {
  return { reason: 'wrong-type', says: `has to be ${expected}.` };
}

export function tooMany(limit: number): Diagnosis {
  return { reason: 'too-many', says: `may have at most ${limit} entries.` };
}

const DECIMAL = /^-?\d{1,20}(?:\.\d{1,20})?$/;

/** The number that a plain decimal text writes, NaN for any other text. */
export function decimalOf(text: string): number {
  return text.length <= 42 && DECIMAL.test(text) ? Number(text) : Number.NaN;
}

export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** A bigint is what msgpack makes of integers beyond 2^53: a number, but surely too large. */
function diagnoseNumber(value: unknown): Diagnosis | undefined {
  if (isAbsent(value)) return MISSING;
  if (typeof value === 'bigint') return undefined;
  if (typeof value !== 'number') return wrongType('a number');
  if (Number.isFinite(value)) return undefined;
  return { reason: 'not-a-number', says: 'is not a finite decimal number.' };
}

function tooLarge(most: number): Diagnosis {
  return { reason: 'number-too-large', says: `may be at most ${most}.` };
}
