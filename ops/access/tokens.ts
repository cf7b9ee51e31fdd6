import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Role, Scope } from './roles.ts';

/**
 * API tokens: a name to find it by and 256 random bits that prove it. What is kept is a digest,
 * so that whoever reads the store cannot act as somebody. No slow hash is needed for secrets that
 * nobody could guess.
 */

/** A token as it is kept. All instants are milliseconds since 1970. */
export interface Token {
  /** Random and not secret; names the token in lists and in the audit. */
  readonly id: string;
  /** Who holds it, for people. */
  readonly name: string;
  readonly role: Role;
  readonly scope: Scope;
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
const ID_BYTES = 9;
const SECRET_BYTES = 32;
const TEXT = /^arb_([A-Za-z0-9-]{12})_([A-Za-z0-9_-]{43})$/;

export function newToken(
  given: Pick<Token, 'name' | 'role' | 'scope' | 'createdAt' | 'expiresAt'>,
): NewToken {
  const id = randomBytes(ID_BYTES).toString('base64url').replaceAll('_', '-');
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  const token = { ...given, id, digest: digestOf(secret), revokedAt: undefined };
  return { token, text: `${PREFIX}_${id}_${secret}` };
}

/** The two halves of what a caller sent; `undefined` when it is no token at all. */
export function parseToken(text: string): { id: string; secret: string } | undefined {
  const [, id, secret] = TEXT.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

export type TokenState = 'valid' | 'unknown' | 'expired' | 'revoked';

/** Whether a secret proves a token now. Takes as long for a wrong secret as for the right one. */
export function stateOf(token: Token | undefined, secret: string, now: number): TokenState {
  const digest = Buffer.from(digestOf(secret), 'hex');
  const kept = token === undefined ? digest : Buffer.from(token.digest, 'hex');
  const isSame = timingSafeEqual(digest, kept);
  if (token === undefined || !isSame) return 'unknown';
  if (token.revokedAt !== undefined) return 'revoked';
  return token.expiresAt <= now ? 'expired' : 'valid';
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
