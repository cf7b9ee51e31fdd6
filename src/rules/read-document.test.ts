import { expect, test } from 'vitest';
import { parseRuleDocument } from './read-document.ts';

const read = (text: string) => {
  const result = parseRuleDocument(text);
  return result.ok ? result.document.value : `${result.position.line}: ${result.message}`;
};

test('JSON and YAML are the same document', () => {
  expect(read('{ "a": [1, "x"] }')).toEqual(read('a:\n  - 1\n  - x\n'));
});

test('it is YAML 1.2: Norway is a country, and a date stays a text', () => {
  expect(read('country: no\nsince: 2026-01-01\ntime: 12:30')).toEqual({
    country: 'no',
    since: '2026-01-01',
    time: '12:30',
  });
});

test.each([
  ['a key twice', 'a: 1\na: 2', /2: .*unique/i],
  ['broken nesting', 'a: [1', /flow/i],
  [
    'aliases that explode',
    `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(9)}]`,
    /alias/i,
  ],
])('%s is refused', (_name, text, message) => {
  expect(read(text)).toMatch(message);
});

test('a pointer leads to its line, or to that of the nearest part around it', () => {
  const result = parseRuleDocument('program:\n  id: x\nplaces:\n  - id: a/b\n');
  if (!result.ok) throw new Error(result.message);
  expect(result.document.positionOf('/program/id')).toEqual({ line: 2, column: 7 });
  expect(result.document.positionOf('/places/0/zone')).toEqual({ line: 4, column: 5 });
  expect(result.document.positionOf('')).toEqual({ line: 1, column: 1 });
});
