import { createHmac } from 'node:crypto';
import { newSecret, parseSecret, proves, secretText } from './secrets.ts';

/** Somebody who is logged in, somewhere. All instants are milliseconds since 1970. */
export interface Session {
  /** Random and not secret; names the session in lists and in the audit. */
  readonly id: string;
  readonly user: string;
  /** SHA-256 of the secret, in hexadecimal. */
  readonly digest: string;
  readonly createdAt: number;
  /** When it was last used, to within `SEEN_PRECISION_MS`. */
  readonly seenAt: number;
  readonly address: string;
  /** What the browser calls itself. */
  readonly agent: string;
}

/** How long sessions live. */
export interface SessionLimits {
  readonly idleMs: number;
  readonly absoluteMs: number;
}

/** A use is written down once in so long, so that looking around costs no writes. */
export const SEEN_PRECISION_MS = 60_000;
/** Sessions one user may have at once; the one that was idle longest ends for a new one. */
export const SESSIONS_MAX = 10;
const AGENT_MAX = 200;
const PREFIX = 'arbs';

export function newSession(given: Pick<Session, 'user' | 'createdAt' | 'address' | 'agent'>): {
  readonly session: Session;
  readonly text: string;
} {
  const { id, secret, digest } = newSecret();
  const agent = given.agent.slice(0, AGENT_MAX);
  const session = { ...given, agent, id, digest, seenAt: given.createdAt };
  return { session, text: secretText(PREFIX, { id, secret }) };
}

export function parseSession(text: string): { id: string; secret: string } | undefined {
  return parseSecret(PREFIX, text);
}

export type SessionState = 'valid' | 'unknown' | 'expired';

export function stateOfSession(
  session: Session | undefined,
  secret: string,
  at: SessionLimits & { readonly now: number },
): SessionState {
  if (!proves(secret, session?.digest) || session === undefined) return 'unknown';
  return isOver(session, at) ? 'expired' : 'valid';
}

export function isOver(
  { createdAt, seenAt }: Pick<Session, 'createdAt' | 'seenAt'>,
  { now, idleMs, absoluteMs }: SessionLimits & { readonly now: number },
): boolean {
  return seenAt + idleMs <= now || createdAt + absoluteMs <= now;
}

/** What a page of ours can know and another site cannot: it comes with each change. */
export function csrfTokenOf(secret: string): string {
  return createHmac('sha256', secret).update('arbiter csrf token').digest('base64url');
}

/** The sessions that have to end so that one more is within the limit. */
export function tooMany(sessions: readonly Session[]): readonly Session[] {
  const oldestFirst = sessions.toSorted((left, right) => left.seenAt - right.seenAt);
  return oldestFirst.slice(0, Math.max(0, sessions.length + 1 - SESSIONS_MAX));
}
