import { isTokenName } from './nats/permissions.ts';
import { type Assigned, isRole, type Reach, type Role } from './roles.ts';
import { isUserId } from './users.ts';

/**
 * What callers send to change access, field by field. Only named fields of the object itself are
 * looked at, and one that is not named is refused: nobody sets what they were not asked for.
 */

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/** Stores, areas or partners of one grant. */
const ASSIGNMENTS_MAX = 100;
const AREA_STORES_MAX = 1_000;
const NAME_MAX = 100;
const TEXT_MAX = 1_024;
export const TOKEN_DAYS_MAX = 366;
export const TOKEN_DAYS = 90;

export interface GrantRead {
  readonly name: string;
  readonly role: Role;
  readonly scope: Assigned;
}

type Fields = Readonly<Record<string, unknown>>;

/** The texts of a body that has just these fields. */
export function readTexts<const Name extends string>(
  body: unknown,
  names: readonly Name[],
): Read<Readonly<Record<Name, string>>> {
  const fields = fieldsOf(body, names);
  if (!fields.ok) return fields;
  for (const name of names) {
    const value = fields.value[name];
    if (typeof value !== 'string' || value.length > TEXT_MAX) return wrong(`\`${name}\` is a text`);
  }
  // Each of them was looked at above.
  return { ok: true, value: fields.value as Readonly<Record<Name, string>> };
}

const GRANT = ['name', 'role', 'stores', 'areas', 'partners'] as const;

export function readNewUser(body: unknown): Read<{ readonly id: string } & GrantRead> {
  const fields = fieldsOf(body, ['id', ...GRANT]);
  if (!fields.ok) return fields;
  const { id } = fields.value;
  if (!isUserId(id)) return wrong('`id` is 1 to 64 of a-z, 0-9 and . _ @ -');
  const grant = readGrant(fields.value);
  return grant.ok ? { ok: true, value: { id, ...grant.value } } : grant;
}

export function readNewToken(body: unknown): Read<{ readonly days: number } & GrantRead> {
  const fields = fieldsOf(body, ['days', ...GRANT]);
  if (!fields.ok) return fields;
  const { days = TOKEN_DAYS } = fields.value;
  const isFit = typeof days === 'number' && Number.isInteger(days) && days >= 1;
  if (!isFit || days > TOKEN_DAYS_MAX) return wrong(`\`days\` is 1 to ${TOKEN_DAYS_MAX}`);
  const grant = readGrant(fields.value);
  return grant.ok ? { ok: true, value: { days, ...grant.value } } : grant;
}

/** Other work for a user, or none any more. */
export interface UserChange {
  readonly grant: GrantRead | undefined;
  readonly disabled: boolean | undefined;
}

/** `before` fills in what a change leaves out. */
export function readUserChange(body: unknown, before: GrantRead): Read<UserChange> {
  const fields = fieldsOf(body, ['disabled', ...GRANT]);
  if (!fields.ok) return fields;
  const { disabled, ...changed } = fields.value;
  if (disabled !== undefined && typeof disabled !== 'boolean') {
    return wrong('`disabled` is true or false');
  }
  if (Object.keys(changed).length === 0) {
    return { ok: true, value: { grant: undefined, disabled } };
  }
  const { name, role, scope } = before;
  const grant = readGrant({ name, role, ...scope, ...changed });
  return grant.ok ? { ok: true, value: { grant: grant.value, disabled } } : grant;
}

export function readArea(body: unknown): Read<{ readonly stores: readonly string[] }> {
  const fields = fieldsOf(body, ['stores']);
  if (!fields.ok) return fields;
  const stores = namesIn(fields.value['stores'], AREA_STORES_MAX);
  if (stores === undefined) return wrong(`\`stores\` is a list of at most ${AREA_STORES_MAX}`);
  return { ok: true, value: { stores } };
}

/** A grant of words, as commands and bodies give them. Who names no places may go everywhere. */
export function readGrant(fields: Fields): Read<GrantRead> {
  const { name, role, stores, areas = [], partners = 'all' } = fields;
  if (typeof name !== 'string' || name.trim() === '' || name.length > NAME_MAX) {
    return wrong(`\`name\` says who it is, in at most ${NAME_MAX} characters`);
  }
  if (!isRole(role)) return wrong('`role` is no role');
  const areaNames = namesIn(areas, ASSIGNMENTS_MAX);
  if (areaNames === undefined) return wrong(`\`areas\` is a list of at most ${ASSIGNMENTS_MAX}`);
  const ownStores = reachIn(stores ?? (areaNames.length > 0 ? [] : 'all'));
  if (ownStores === undefined) return wrong('`stores` is `all` or a list of stores');
  const ownPartners = reachIn(partners);
  if (ownPartners === undefined) return wrong('`partners` is `all` or a list of partners');
  const scope = { stores: ownStores, areas: areaNames, partners: ownPartners };
  return { ok: true, value: { name, role, scope } };
}

function reachIn(value: unknown): Reach | undefined {
  return value === 'all' ? 'all' : namesIn(value, ASSIGNMENTS_MAX);
}

function namesIn(value: unknown, most: number): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length > most) return undefined;
  const isNamed = (one: unknown): one is string => typeof one === 'string' && isTokenName(one);
  return value.every(isNamed) ? [...new Set(value)] : undefined;
}

function fieldsOf(body: unknown, allowed: readonly string[]): Read<Fields> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return wrong('the body is no object');
  }
  const stranger = Object.keys(body).find((name) => !allowed.includes(name));
  if (stranger !== undefined) return wrong(`\`${stranger.slice(0, NAME_MAX)}\` is no field here`);
  const own = Object.entries(body);
  return { ok: true, value: Object.fromEntries(own) };
}

function wrong(problem: string): Extract<Read<never>, { readonly ok: false }> {
  return { ok: false, problem };
}
