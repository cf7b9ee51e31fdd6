import type { Change } from '../../ops/rules/changes.ts';
import { describeChanges } from '../../ops/rules/describe-changes.ts';
import type { Write } from './commands.ts';
import { UnreadableInput } from './documents.ts';
import { isNumber } from './rules-source.ts';

export function tellChanges(changes: readonly Change[], write: Write): void {
  for (const line of describeChanges(changes)) write(`  ${line}\n`);
}

/** Says how a command is used when it got too few or too many words. */
export function wordsBetween(
  words: readonly string[],
  [least, most]: readonly [number, number],
  usage: string,
): boolean {
  if (words.length >= least && words.length <= most) return true;
  process.stderr.write(`usage: ${usage}\n`);
  return false;
}

/** A version that a flag names. */
export function baseNamed(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  if (isNumber(word)) return Number(word);
  throw new UnreadableInput(`\`${word}\` is no number of a version`);
}
