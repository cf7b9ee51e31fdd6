import type { Template } from './benefit.ts';
import { valuesOf } from './conditions/holds.ts';
import { findFact } from './conditions/list.ts';
import type { Facts } from './facts.ts';

/** Characters that one variable may add to a text. */
const VALUE_LENGTH_MAX = 200;

/** Variables that are not facts, or are facts under another name. */
const ALIASES: Readonly<Record<string, string>> = { member: 'member.id' };

/**
 * A template with its variables filled in. Values are plain text: control characters become
 * spaces, a missing value is empty. `{code}` stays: it is known only when a code is drawn.
 */
export function renderTemplate(template: Template, facts: Facts, exponent: number): string {
  return template
    .map((part) => (typeof part === 'string' ? part : filledIn(part.variable, facts, exponent)))
    .join('');
}

function filledIn(variable: string, facts: Facts, exponent: number): string {
  if (variable === 'code') return '{code}';
  if (variable === 'region') return facts.place.region ?? '';
  if (variable === 'discount') return money(facts.initialTotal - facts.currentTotal, exponent);
  const found = findFact(ALIASES[variable] ?? variable);
  const value = found?.definition.reader(found.parameter)(facts);
  if (value === undefined) return '';
  if (found?.definition.type === 'money') return money(Number(value), exponent);
  return plain(valuesOf(value).join(', '));
}

function money(minorUnits: number, exponent: number): string {
  const digits = String(Math.abs(minorUnits)).padStart(exponent + 1, '0');
  const sign = minorUnits < 0 ? '-' : '';
  const whole = digits.slice(0, digits.length - exponent);
  return exponent === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-exponent)}`;
}

function plain(value: string): string {
  return value.slice(0, VALUE_LENGTH_MAX).replaceAll(/\p{Cc}/gu, ' ');
}
