import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { must } from '../../core/assert.ts';
import { boundariesOf } from '../../core/rules/self-check/boundaries.ts';
import { caseAt } from '../../core/rules/self-check/cases.ts';
import { Draw } from '../../core/rules/self-check/draw.ts';
import { checkDocument } from './check-document.ts';
import { compileSealed, compileStored } from './compile-document.ts';
import { treeOfForm } from './normal-form.ts';

const CASES = 60;

test('a version that was checked elsewhere decides as one that was compiled here', () => {
  const document: unknown = parse(readFileSync('src/samples/coalition.yaml', 'utf8'));
  const { hash, normal } = checkDocument(document);
  const handedOver = treeOfForm(must(normal, 'the sample has no problems'), hash);
  const compiledHere = must(compileSealed(document, hash), 'the sample compiles');
  expect(shown(handedOver)).toBe(shown(compiledHere));

  const stored = compileStored(document);
  if (!stored.ok) throw new Error('the sample compiles');
  const { rules } = stored.value;
  const edges = boundariesOf(rules);
  for (let seed = 1; seed <= CASES; seed += 1) {
    const input = caseAt(rules, edges, new Draw(seed));
    expect(handedOver.decide(input)).toEqual(compiledHere.decide(input));
  }
  for (const promotion of rules.promotions) {
    expect(handedOver.returnPolicyOf(promotion.id)).toEqual(
      compiledHere.returnPolicyOf(promotion.id),
    );
    expect(handedOver.deducts(promotion.id)).toBe(compiledHere.deducts(promotion.id));
  }
});

/** All of its data; functions are compared by what they say. */
function shown(tree: object): string {
  return inspect(tree, { depth: 6, maxArrayLength: null });
}
