import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Secrets that we make: 256 random bits behind a name to find them by. What is kept is a digest,
 * so that whoever reads the store cannot act as somebody. No slow hash is needed for what nobody
 * could guess.
 */

export interface NewSecret {
  /** Random and not secret; names it in lists and in the audit. */
  readonly id: string;
  readonly secret: string;
  /** SHA-256 of the secret, in hexadecimal. */
  readonly digest: string;
}

const ID_BYTES = 9;
const SECRET_BYTES = 32;

export function newSecret(): NewSecret {
  const id = randomBytes(ID_BYTES).toString('base64url').replaceAll('_', '-');
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { id, secret, digest: digestOf(secret) };
}

/** What the holder gets to see: which kind it is, the id and the secret. */
export function secretText(prefix: string, { id, secret }: Pick<NewSecret, 'id' | 'secret'>) {
  return `${prefix}_${id}_${secret}`;
}

const HALVES = /^([a-z]+)_([A-Za-z0-9-]{12})_([A-Za-z0-9_-]{43})$/;

/** The halves of what a caller sent; `undefined` when it is nothing of ours. */
export function parseSecret(
  prefix: string,
  text: string,
): { readonly id: string; readonly secret: string } | undefined {
  const [, kind, id, secret] = HALVES.exec(text) ?? [];
  if (kind !== prefix || id === undefined || secret === undefined) return undefined;
  return { id, secret };
}

/** Whether a secret is the one that was kept; as slow for a wrong one, or for none, as for it. */
export function proves(secret: string, kept: string | undefined): boolean {
  const digest = Buffer.from(digestOf(secret), 'hex');
  const expected = kept === undefined ? digest : Buffer.from(kept, 'hex');
  return timingSafeEqual(digest, expected) && kept !== undefined;
}

export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
