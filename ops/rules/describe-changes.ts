import type { Change } from './changes.ts';
import { isContent, sameContent } from './outline.ts';

/** Letters of one value in a sentence; longer ones are cut. */
const SHOWN_MAX = 160;

/** Changes in the operator's words, a line each. */
export function describeChanges(changes: readonly Change[]): readonly string[] {
  return changes.flatMap(describeChange);
}

function describeChange(change: Change): string[] {
  const { name, parent, content } = change.node;
  switch (change.change) {
    case 'added':
      return [`${name} added${into(parent)}${withState(content['state'])}`];
    case 'removed':
      return [`${name} removed`];
    case 'moved':
      return change.from === change.to
        ? [`${name} moved within ${change.to}, ${behind(change.after)}`]
        : [`${name} moved from ${change.from} to ${change.to}, ${behind(change.after)}`];
    default:
      return differences(change.before, change.after).map((what) => `${name}: ${what}`);
  }
}

const into = (parent: string): string => (parent.startsWith('group ') ? ` to ${parent}` : '');
const withState = (state: unknown): string =>
  typeof state === 'string' && state !== 'active' ? ` (${state})` : '';
const behind = (after: string | undefined): string =>
  after === undefined ? 'to the first place' : `behind ${after}`;

/** Where two values differ, down to the smallest parts that have a name. */
export function differences(
  before: unknown,
  after: unknown,
  path: readonly string[] = [],
): string[] {
  if (sameContent(before, after)) return [];
  if (isContent(before) && isContent(after) && isSameWord(before, after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    if ([...before, ...after].every((value) => typeof value !== 'object')) {
      return [`${words(path)}: ${listDifference(before, after)}`];
    }
    if (before.length === after.length) {
      return before.flatMap((value, at) => {
        return differences(value, after[at], [...path, String(at + 1)]);
      });
    }
  }
  if (before === undefined) return [`${words(path)} added: ${shown(after)}`];
  if (after === undefined) return [`${words(path)} removed: ${shown(before)}`];
  return [`${words(path)} ${shown(before)} → ${shown(after)}`];
}

/** A condition or benefit with another word is another one, not the same with another argument. */
function isSameWord(before: object, after: object): boolean {
  const [old, ...moreOld] = Object.keys(before);
  const [now, ...moreNow] = Object.keys(after);
  return moreOld.length + moreNow.length > 0 || old === now;
}

function listDifference(before: readonly unknown[], after: readonly unknown[]): string {
  const came = after.filter((value) => !before.includes(value)).map((value) => `+ ${value}`);
  const left = before.filter((value) => !after.includes(value)).map((value) => `− ${value}`);
  const parts = [...came, ...left];
  return parts.length === 0 ? `${shown(before)} → ${shown(after)}` : parts.join(', ');
}

const WORDS: Readonly<Record<string, string>> = { when: 'condition', benefits: 'benefit' };

/** `benefits list 1 discount percent` is said as `benefit 1 discount percent`. */
function words(path: readonly string[]): string {
  const said = path.filter((word, at) => !(word === 'list' && path[at - 1] === 'benefits'));
  const [first = '', ...others] = said;
  return [WORDS[first] ?? first, ...others].join(' ');
}

/** A value as one would write it in one line of a YAML file. */
function shown(value: unknown): string {
  const text = flow(value);
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`;
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (!isContent(value)) return String(value);
  const fields = Object.entries(value).map(([key, one]) => `${key}: ${flow(one)}`);
  return `{ ${fields.join(', ')} }`;
}
