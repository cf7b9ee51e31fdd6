import { describe, expect, test } from 'vitest';
import { newToken, parseToken, stateOf } from './tokens.ts';

const DAY = 86_400_000;
const given = {
  name: 'till 7',
  role: 'till',
  scope: { stores: ['s-1'], areas: [], partners: 'all' },
  createdAt: 0,
  expiresAt: DAY,
} as const;

function made() {
  const { token, text } = newToken(given);
  const parsed = parseToken(text);
  if (parsed === undefined) throw new Error(`not a token: ${text}`);
  return { token, text, ...parsed };
}

describe('a token', () => {
  test('proves its holder until it expires', () => {
    const { token, id, secret } = made();
    expect(id).toBe(token.id);
    expect(stateOf(token, secret, DAY - 1)).toBe('valid');
    expect(stateOf(token, secret, DAY)).toBe('expired');
  });

  test('proves nothing once it was revoked', () => {
    const { token, secret } = made();
    expect(stateOf({ ...token, revokedAt: 1 }, secret, 2)).toBe('revoked');
  });

  test('is not known by its id alone, nor by the secret of another', () => {
    const { token } = made();
    expect(stateOf(token, made().secret, 1)).toBe('unknown');
    expect(stateOf(token, '', 1)).toBe('unknown');
    expect(stateOf(undefined, made().secret, 1)).toBe('unknown');
  });

  test('is kept without its secret', () => {
    const { token, secret } = made();
    expect(JSON.stringify(token)).not.toContain(secret);
  });

  test('always reads back, whatever the random bytes were', () => {
    for (let round = 0; round < 500; round += 1) expect(made().id).toHaveLength(12);
  });
});

test.each(['', 'arb_', 'Bearer x', `arb_${'a'.repeat(12)}_${'b'.repeat(42)}`, 'x'.repeat(100_000)])(
  'other text is no token',
  (text) => {
    expect(parseToken(text)).toBeUndefined();
  },
);
