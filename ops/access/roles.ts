/**
 * Who may do what, and where. A role says what, a scope says where; both have to allow it, and
 * both are checked by the server that does it, never by what shows it.
 */

export const PERMISSIONS = [
  'transactions.submit',
  'quotes.ask',
  'members.read',
  'points.adjust',
  'rules.read',
  'rules.edit',
  'rules.approve',
  'rules.apply',
  'rules.try',
  'metrics.read',
  'access.manage',
  'audit.read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** A role for each kind of work. `till`: a shop's own system, over HTTP. */
export const ROLES = [
  'till',
  'viewer',
  'author',
  'approver',
  'operator',
  'partner',
  'administrator',
] as const;
export type Role = (typeof ROLES)[number];

const READS: readonly Permission[] = ['members.read', 'rules.read', 'rules.try', 'metrics.read'];

/**
 * What the people of a store or a partner may do. The rest shows or moves what belongs to
 * everybody.
 */
const WITHIN_SCOPE: ReadonlySet<Permission> = new Set<Permission>([
  'transactions.submit',
  'quotes.ask',
  'members.read',
]);

/** Campaigns say which stores they run in: who has those changes the campaigns of those alone. */
const WITHIN_STORES: ReadonlySet<Permission> = new Set<Permission>([
  'rules.read',
  'rules.edit',
  'rules.apply',
]);

/** The part of the rules that concerns a partner is for its people to look at. */
const WITHIN_PARTNERS: ReadonlySet<Permission> = new Set<Permission>(['rules.read']);

/** Who writes rules does not approve them, and who manages access does neither. */
const GRANTS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  till: new Set<Permission>(['transactions.submit', 'quotes.ask', 'members.read']),
  viewer: new Set(READS),
  author: new Set<Permission>([...READS, 'quotes.ask', 'rules.edit']),
  approver: new Set<Permission>([...READS, 'quotes.ask', 'rules.approve']),
  operator: new Set<Permission>([...READS, 'quotes.ask', 'rules.apply', 'points.adjust']),
  partner: new Set<Permission>(['rules.read']),
  administrator: new Set<Permission>([...READS, 'access.manage', 'audit.read']),
};

/** Stores or partners that somebody is responsible for; `all` of them, or these. */
export type Reach = 'all' | readonly string[];

/** What somebody is responsible for. */
export interface Scope {
  readonly stores: Reach;
  readonly partners: Reach;
}

/** A scope as it is given to somebody: areas stand for whatever stores they have at the time. */
export interface Assigned extends Scope {
  readonly areas: readonly string[];
}

/** The whole programme. */
export const EVERYWHERE: Assigned = { stores: 'all', areas: [], partners: 'all' };

export interface Actor {
  /** Who it is in the audit list: `token:k3…`, `local:ann`. */
  readonly id: string;
  readonly role: Role;
  readonly scope: Scope;
}

/** Whether the role allows it. */
export function may(actor: Pick<Actor, 'role'>, permission: Permission): boolean {
  return GRANTS[actor.role].has(permission);
}

/** Whether it can be done by somebody who is responsible for so much. */
export function fitsScope({ scope }: Pick<Actor, 'scope'>, permission: Permission): boolean {
  if (isEverywhere(scope) || WITHIN_SCOPE.has(permission)) return true;
  const within = scope.partners === 'all' ? WITHIN_STORES : WITHIN_PARTNERS;
  return within.has(permission);
}

export function isEverywhere({ stores, partners }: Scope): boolean {
  return stores === 'all' && partners === 'all';
}

export function reaches(reach: Reach, place: string): boolean {
  return reach === 'all' || reach.includes(place);
}

/**
 * What somebody may do with a campaign, by the stores both are assigned to: edit where the
 * campaign lies wholly within their own, use and see where it touches them, else nothing.
 */
export function campaignAccess(assigned: Reach, campaign: Reach): 'edit' | 'use' | 'none' {
  if (assigned === 'all') return 'edit';
  if (campaign === 'all') return assigned.length > 0 ? 'use' : 'none';
  const mine = campaign.filter((store) => assigned.includes(store));
  if (mine.length === 0) return 'none';
  return mine.length === campaign.length ? 'edit' : 'use';
}

export function isRole(text: unknown): text is Role {
  return ROLES.some((role) => role === text);
}
