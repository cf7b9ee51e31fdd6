import { dictionary } from '@zxcvbn-ts/language-common';

/**
 * What a password may be: long, and nothing that is tried first. There are no rules about kinds
 * of characters, and none about when to change it (NIST SP 800-63B, ASVS 5.0 section 6.2).
 */

export const PASSWORD_LENGTH_MIN = 12;
/** Counted in characters; hashing takes any length. */
export const PASSWORD_LENGTH_MAX = 128;

export type PasswordProblem = 'password-too-short' | 'password-too-long' | 'password-too-common';

/** Words of the programme, which are tried first here. */
const OUR_WORDS = ['arbiter', 'loyalty', 'points', 'bonus', 'operator', 'administrator', 'admin'];
/** Shortest part of a password that is looked for among common ones. */
const PART_MIN = 3;
/** So many of the most common ones count as words that others are put together of. */
const PARTS_RANK_MAX = 10_000;
/** A password of so many known parts is no more than a guess. */
const PARTS_MAX = 2;

const COMMON: readonly string[] = dictionary['passwords-common'] ?? [];
const common = new Set(COMMON);
const parts = new Set([...COMMON.slice(0, PARTS_RANK_MAX), ...OUR_WORDS]);

export function passwordProblem(password: string, user: string): PasswordProblem | undefined {
  const length = [...password].length;
  if (length < PASSWORD_LENGTH_MIN) return 'password-too-short';
  if (length > PASSWORD_LENGTH_MAX) return 'password-too-long';
  return isCommon(password.toLowerCase(), user) ? 'password-too-common' : undefined;
}

function isCommon(password: string, user: string): boolean {
  if (common.has(password) || isRepeated(password) || isRow(password)) return true;
  // What is put before or behind a word is a year or an exclamation mark.
  const bare = password.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  if (bare.length < PART_MIN) return true;
  const own = new Set([user, ...user.split(/[._@-]/)].filter((word) => word.length >= PART_MIN));
  const isKnown = (part: string) => parts.has(part) || own.has(part) || isRepeated(part);
  return isMadeOf(bare, isKnown, PARTS_MAX);
}

function isMadeOf(text: string, isKnown: (part: string) => boolean, most: number): boolean {
  if (isKnown(text)) return true;
  if (most === 1) return false;
  for (let cut = PART_MIN; cut <= text.length - PART_MIN; cut += 1) {
    const [left, right] = [text.slice(0, cut), text.slice(cut)];
    if (isKnown(left) && isMadeOf(trimmed(right), isKnown, most - 1)) return true;
  }
  return false;
}

/** Without what joins two words. */
function trimmed(text: string): string {
  return text.replaceAll(/^[^\p{L}]+/gu, '');
}

/** The same few signs over and over. */
function isRepeated(text: string): boolean {
  return /^(.{1,6})\1+.{0,2}$/u.test(text);
}

/** Neighbours of an alphabet or a keyboard, forwards or backwards. */
function isRow(text: string): boolean {
  const steps = [...text].map((sign, index, all) => code(sign) - code(all[index - 1] ?? sign));
  return steps.slice(1).every((step) => step === 1) || steps.slice(1).every((step) => step === -1);
}

function code(sign: string): number {
  return sign.codePointAt(0) ?? 0;
}
