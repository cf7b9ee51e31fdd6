import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ENGINES } from '../arbitration/emit.ts';
import { arbitraryDocument } from '../testing/rule-documents.ts';
import { compileRuleSet } from './compile.ts';
import { decode } from './decode.ts';

/** Whatever comes, the answer is a value or a list of problems with a place in the document. */
function answers(document: unknown): void {
  const decoded = decode(document);
  if (decoded.ok) return;
  expect(decoded.diagnostics.length).toBeGreaterThan(0);
  for (const { code, path, message, hint } of decoded.diagnostics) {
    expect(path === '' || path.startsWith('/')).toBe(true);
    expect([code, message, hint].every((text) => text.length > 0)).toBe(true);
  }
}

test('nothing makes the decoder throw', () => {
  fc.assert(fc.property(fc.anything({ withNullPrototype: true, withDate: true }), answers));
});

/** Replaces the n-th value of a document, counted as they come, by something else. */
function withReplaced(document: unknown, place: number, other: unknown): unknown {
  let left = place;
  const copy = (value: unknown): unknown => {
    left -= 1;
    if (left === 0) return other;
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copy(one)]));
  };
  return copy(document);
}

const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(-1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '', '__proto__', 'P', []),
);

test('a good document with one odd value compiles or is refused, and never throws', () => {
  fc.assert(
    fc.property(
      arbitraryDocument,
      fc.integer({ min: 1, max: 200 }),
      odd,
      (document, place, other) => {
        const changed = withReplaced(document, place, other);
        answers(changed);
        const compiled = compileRuleSet(changed, { world: 'open', emit: ENGINES.compiled });
        expect(compiled.ok || compiled.diagnostics.length > 0).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
