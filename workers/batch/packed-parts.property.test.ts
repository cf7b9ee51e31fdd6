import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packParts, unpackParts } from './packed-parts.ts';

test('what was packed comes out as it was, gaps included', () => {
  const parts = fc.array(fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }));
  fc.assert(
    fc.property(parts, (some) => {
      expect(unpackParts(packParts(some))).toEqual(some);
    }),
  );
});
