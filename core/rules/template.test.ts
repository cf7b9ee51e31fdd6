import { expect, test } from 'vitest';
import {
  documentWith,
  factsFor,
  inputOf,
  normalRules,
  onlyPromotion,
} from '../testing/rule-cases.ts';
import { languageOf } from './language.ts';
import { templateProblem } from './template.ts';

function rendered(template: string, member = { city: 'Almaty\n\u0007' }): string {
  const rules = normalRules(documentWith({ benefits: { list: [{ text: { template } }] } }));
  const [benefit] = onlyPromotion(rules).body.benefits;
  if (benefit?.kind !== 'text') throw new Error('a text was given');
  const facts = factsFor(
    rules,
    inputOf({ member, checkout: { lines: [{ sku: 'A', quantity: 1, price: 12_345 }] } }),
  );
  return languageOf(rules).render(benefit.template, facts);
}

test.each([
  ['Hello 🎉 {member.id}!', 'Hello 🎉 m-1!'],
  ['{{ promotion }} for {total.initial}', 'p for 123.45'],
  ['To {member.fields.city}', 'To Almaty  '],
  ['Missing: {fields.nothing}.', 'Missing: .'],
  ['Your code: {code}', 'Your code: {code}'],
  ['no variables', 'no variables'],
])('%j becomes %j', (template, text) => {
  expect(rendered(template)).toBe(text);
});

test('values are text, never a template again', () => {
  expect(rendered('{member.fields.city}', { city: '{member.id}' })).toBe('{member.id}');
});

test.each([
  ['{nobody}', 'unknown-variable'],
  ['{constructor}', 'unknown-variable'],
  ['{member.id', 'wrong-template'],
  ['}', 'wrong-template'],
  ['{a b}', 'wrong-template'],
  ['{}', 'wrong-template'],
])('%j is refused as %s', (template, code) => {
  expect(templateProblem(template)?.code).toBe(code);
});
