import { expect, test } from 'vitest';
import { type Given, spliced } from './spliced.ts';

const quote = { kind: 'quote' };

test.each([
  [{ id: 'c', lines: [] }, { kind: 'checkout' }],
  [{ id: 'c', kind: 'checkout', lines: [{ flags: ['kinds'] }] }, quote],
  [
    { lines: [], kind: 'checkout' },
    { id: 'q/1', ...quote },
  ],
  [{ lines: [] }, { id: 'q/1', ...quote }],
  [{ id: 'é', kind: 'checkout' }, quote],
] satisfies [object, Given][])('%j with %j is spliced', (value, given) => {
  const bytes = spliced(Buffer.from(JSON.stringify(value)), value, given);
  expect(JSON.parse(String(bytes))).toEqual({ ...value, ...given });
});

test.each([
  ['another kind inside', '{"kind":"checkout","fields":{"kind":"checkout"}}', quote],
  ['the kind after a blank', '{"kind": "checkout","fields":"kind"}', quote],
  ['an escape in the name of the kind', '{"k\\u0069nd":"checkout","lines":[]}', quote],
  ['an escape beside a kind inside', '{"k\\u0069nd":"checkout","a":{"kind":"checkout"}}', quote],
  ['an id that says nothing', '{"id":null,"lines":[]}', { id: 'q/1' }],
  ['nothing at all', '{}', quote],
  ['no object', '7', quote],
])('%s is written anew', (_what, text, given) => {
  expect(spliced(Buffer.from(text), JSON.parse(text), given)).toBeUndefined();
});
