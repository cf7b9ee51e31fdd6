import { createHash } from 'node:crypto';
import { canonicalText } from '../../core/rules/canonical.ts';
import type { OutlineNode } from './outline.ts';

/** What `put` names where a node must not be there yet. */
export const ABSENT = 'absent';
/** What an edit names that does not care what was there. */
export const ANYTHING = '*';
/** Hexadecimal digits: more than enough to tell contents of one node apart. */
const TAG_LENGTH = 32;

/** Names what a node says and where it stands, so that an edit can tell what it was made from. */
export function nodeTag({ content, parent }: OutlineNode): string {
  const text = canonicalText([parent, content]);
  return createHash('sha256').update(text).digest('hex').slice(0, TAG_LENGTH);
}
