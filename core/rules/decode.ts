import { type Compiled, Problems, pointer } from './diagnostic.ts';
import { type RuleSetDocument, ruleSetDocument } from './document.ts';
import { isPlainObject } from './shape/shape.ts';

/** Objects and lists inside each other. Nine levels of groups with conditions need about 60. */
export const DOCUMENT_DEPTH_MAX = 100;
/** Values in one document: 5,000 promotions need about half a million. */
export const DOCUMENT_VALUES_MAX = 3_000_000;

/** Stage 1: from anything at all to a rule-set document, or every problem of its shape. */
export function decode(source: unknown): Compiled<RuleSetDocument> {
  const problems = new Problems();
  if (!isBounded(source, problems)) return problems.close<RuleSetDocument>(undefined);
  const at = { path: '', problems, parentOf: parentsIn(source) };
  return problems.close(ruleSetDocument.decode(source, at));
}

/** Walks the whole value before anything else does, without recursion. */
function isBounded(source: unknown, problems: Problems): boolean {
  let values = 0;
  const waiting: { readonly value: unknown; readonly depth: number; readonly path: string }[] = [
    { value: source, depth: 0, path: '' },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    values += 1;
    const { value, depth, path } = next;
    if (depth > DOCUMENT_DEPTH_MAX || values > DOCUMENT_VALUES_MAX) {
      const tooDeep = depth > DOCUMENT_DEPTH_MAX;
      problems.error({
        code: tooDeep ? 'too-deep' : 'too-large',
        path,
        message: tooDeep
          ? `the document nests deeper than ${DOCUMENT_DEPTH_MAX} levels`
          : `the document has more than ${DOCUMENT_VALUES_MAX} values`,
        hint: 'split the rule set, or flatten it',
      });
      return false;
    }
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, part] of Object.entries(value)) {
      waiting.push({ value: part, depth: depth + 1, path: pointer(path, key) });
    }
  }
  return true;
}

/** Regional parameters are inherited, so the tree of places is needed before promotions are. */
function parentsIn(source: unknown): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  const places = isPlainObject(source) ? source['places'] : undefined;
  if (!Array.isArray(places)) return parents;
  for (const place of places as readonly unknown[]) {
    if (!isPlainObject(place)) continue;
    if (place['id'] === undefined || place['parent'] === undefined) continue;
    parents.set(String(place['id']), String(place['parent']));
  }
  return parents;
}
