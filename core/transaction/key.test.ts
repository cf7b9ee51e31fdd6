import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fnv1a32, partitionKey, partitionOf } from './key.ts';

/** The specification, over real UTF-8 bytes. */
function reference(text: string): number {
  let hash = 0x811c9dc5n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash ^ BigInt(byte)) * 0x01000193n) & 0xffffffffn;
  }
  return Number(hash);
}

describe('the hash of a key', () => {
  it.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('of %j is the published FNV-1a value', (text, expected) => {
    expect(fnv1a32(text)).toBe(expected);
  });

  it('is taken over UTF-8 bytes, whatever the script', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fnv1a32(text)).toBe(reference(text));
      }),
    );
    expect(fnv1a32('Қазақ 🎁 \ud800')).toBe(reference('Қазақ 🎁 \ud800'));
  });

  it('picks one of the partitions', () => {
    expect(partitionOf('m-1001', 16)).toBe(reference('m-1001') % 16);
  });
});

describe('the key of a transaction', () => {
  it.each([
    ['its member', { kind: 'checkout', id: 'a', member: 'm' }, 'm'],
    ['its own id when anonymous', { kind: 'checkout', id: 'a' }, 'a'],
    ['the checkout of an anonymous return', { kind: 'return', id: 'r', checkout: 'a' }, 'a'],
    ['the checkout of an anonymous cancel', { kind: 'cancel', id: 'r', checkout: 'a' }, 'a'],
    ['the member of a return', { kind: 'return', id: 'r', checkout: 'a', member: 'm' }, 'm'],
    ['not the checkout of anything else', { kind: 'enrol', id: 'e', checkout: 'a' }, 'e'],
    ['nothing when there is nothing', { kind: 'checkout', id: 7, member: '' }, undefined],
  ])('is %s', (_name, transaction, expected) => {
    expect(partitionKey(transaction)).toBe(expected);
  });
});
