import type { Assigned, Role } from './roles.ts';
import { newSecret, parseSecret, proves, secretText } from './secrets.ts';

/** API tokens: what a program shows with each request. */

/** A token as it is kept. All instants are milliseconds since 1970. */
export interface Token {
  /** Random and not secret; names the token in lists and in the audit. */
  readonly id: string;
  /** Who holds it, for people. */
  readonly name: string;
  readonly role: Role;
  readonly scope: Assigned;
  /** SHA-256 of the secret, in hexadecimal. */
  readonly digest: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | undefined;
}

export interface NewToken {
  readonly token: Token;
  /** What the holder sends; shown once and kept nowhere. */
  readonly text: string;
}

const PREFIX = 'arb';

export function newToken(
  given: Pick<Token, 'name' | 'role' | 'scope' | 'createdAt' | 'expiresAt'>,
): NewToken {
  const { id, secret, digest } = newSecret();
  const token = { ...given, id, digest, revokedAt: undefined };
  return { token, text: secretText(PREFIX, { id, secret }) };
}

/** The two halves of what a caller sent; `undefined` when it is no token at all. */
export function parseToken(text: string): { id: string; secret: string } | undefined {
  return parseSecret(PREFIX, text);
}

export type TokenState = 'valid' | 'unknown' | 'expired' | 'revoked';

/** Whether a secret proves a token now. Takes as long for a wrong secret as for the right one. */
export function stateOf(token: Token | undefined, secret: string, now: number): TokenState {
  if (!proves(secret, token?.digest) || token === undefined) return 'unknown';
  if (token.revokedAt !== undefined) return 'revoked';
  return token.expiresAt <= now ? 'expired' : 'valid';
}
