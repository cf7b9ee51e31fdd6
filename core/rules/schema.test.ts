import Ajv from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryDocument } from '../testing/rule-documents.ts';
import { decode } from './decode.ts';
import { ruleSetSchema } from './schema.ts';

const accepts = new Ajv.default({ strict: false }).compile(ruleSetSchema());

test('the schema accepts what the compiler accepts', () => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      expect(decode(document).ok).toBe(true);
      expect(accepts(document), JSON.stringify(accepts.errors)).toBe(true);
    }),
  );
});

test.each([
  ['a misspelt field', { programme: {} }],
  ['an unknown mode', { arbitration: { mode: 'random' } }],
  [
    'an unknown benefit',
    { arbitration: { children: [{ promotion: 'p', benefits: { list: [{ gift: 1 }] } }] } },
  ],
  [
    'an unknown fact',
    {
      arbitration: {
        children: [
          { promotion: 'p', when: { mood: 'good' }, benefits: { list: [{ discount: 1 }] } },
        ],
      },
    },
  ],
])('the schema refuses %s', (_name, document) => {
  expect(accepts(document)).toBe(false);
});
