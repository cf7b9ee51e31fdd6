import type { Assigned, Role } from './roles.ts';
import { newSecret, proves } from './secrets.ts';

/** A person who logs in. All instants are milliseconds since 1970. */
export interface User {
  /** What they log in with: lower case, and never given to somebody else. */
  readonly id: string;
  /** What people call them. */
  readonly name: string;
  readonly role: Role;
  readonly scope: Assigned;
  /** The hash of the password; `undefined` until they chose one. */
  readonly password: string | undefined;
  /** Lets them choose a password, once. */
  readonly link: OneTimeLink | undefined;
  readonly createdAt: number;
  readonly disabledAt: number | undefined;
  /** Addresses they have logged in from, newest first: strangers cannot slow them down there. */
  readonly knownAddresses: readonly string[];
}

export interface OneTimeLink {
  /** SHA-256 of its secret, in hexadecimal. */
  readonly digest: string;
  readonly expiresAt: number;
}

export const LINK_HOURS = 24;
const HOUR = 3_600_000;
/** Addresses that are remembered of one user. */
export const KNOWN_ADDRESSES_MAX = 8;
/** Who can be; more would make lists without pages slow. */
export const USERS_MAX = 10_000;

const USER_ID = /^[a-z0-9][a-z0-9._@-]{0,63}$/;

export function isUserId(text: unknown): text is string {
  return typeof text === 'string' && USER_ID.test(text);
}

export type NewUser = Pick<User, 'id' | 'name' | 'role' | 'scope' | 'createdAt'>;

/** Somebody who cannot log in before they have used their link. */
export function newUser(given: NewUser): { readonly user: User; readonly secret: string } {
  const user: User = {
    ...given,
    password: undefined,
    link: undefined,
    disabledAt: undefined,
    knownAddresses: [],
  };
  return withLink(user, given.createdAt);
}

/** A new link; the one before and the old password end. */
export function withLink(
  user: User,
  now: number,
): { readonly user: User; readonly secret: string } {
  const { secret, digest } = newSecret();
  const link = { digest, expiresAt: now + LINK_HOURS * HOUR };
  return { user: { ...user, link, password: undefined }, secret };
}

/** What stands in a link: who it is for, and the proof. */
export function linkText(user: string, secret: string): string {
  return `${user}/${secret}`;
}

export function parseLink(
  text: string,
): { readonly user: string; readonly secret: string } | undefined {
  const [user, secret, ...rest] = text.slice(0, 256).split('/');
  if (!isUserId(user) || secret === undefined || rest.length > 0) return undefined;
  return { user, secret };
}

/** Whether a link may be used now. */
export function opensLink(user: User | undefined, secret: string, now: number): boolean {
  const isProved = proves(secret, user?.link?.digest);
  if (!isProved || user?.link === undefined) return false;
  return user.disabledAt === undefined && now < user.link.expiresAt;
}

/** With somebody's address remembered as theirs. */
export function seenAt(user: User, address: string): User {
  const others = user.knownAddresses.filter((known) => known !== address);
  return { ...user, knownAddresses: [address, ...others].slice(0, KNOWN_ADDRESSES_MAX) };
}
