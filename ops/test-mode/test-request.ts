import { isJson, type Json } from '../../core/conformance/fixture.ts';
import { type Moment, parseMoment } from '../../core/time/moment.ts';

/** Promotions that one test may run as if they were active. */
export const AS_ACTIVE_MAX = 1_000;
const NAME_LETTERS_MAX = 512;

/** An order that is tried out, and by whom and when. Nothing of it is ever stored. */
export interface TestRequest {
  readonly member: TestMember;
  /** Any instant, past or future; a local time is one in `zone`. */
  readonly at: Moment | undefined;
  /** IANA zone of a local `at`; the zone of the order's place when left out. */
  readonly zone: string | undefined;
  /** The order as a checkout says it, without id, kind, member and time. */
  readonly order: Json;
  /** What the operator says the order costs, when it is not to be added up. */
  readonly total: number | undefined;
  /** Promotions that are looked at as if they were active; drafts above all. */
  readonly asActive: readonly string[];
  /** With the full trace of the decision. */
  readonly explain: boolean;
}

export type TestMember =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'existing'; readonly id: string }
  /** A profile from context: balances, tiers, segments and the rest of an enrolment. */
  | { readonly kind: 'context'; readonly profile: Json };

/** Why a request cannot be run: the same shape as of a rejected transaction. */
export interface RequestProblem {
  readonly reason: string;
  /** JSON pointer into the request. */
  readonly path: string;
  readonly message: string;
}

export type ReadRequest =
  | { readonly ok: true; readonly request: TestRequest }
  | { readonly ok: false; readonly problem: RequestProblem };

const KEYS = ['member', 'at', 'zone', 'order', 'autoCalculate', 'total', 'asActive', 'explain'];
/** These are the test's own to say. */
const NOT_IN_ORDER = ['id', 'kind', 'member', 'occurredAt'];

/** Takes a request apart. The order itself is checked as a checkout is, when it is run. */
export function readTestRequest(value: unknown): ReadRequest {
  if (!isJson(value)) return refuse('not-an-object', '', 'a test is an object');
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    return refuse('unknown-field', `/${unknown}`, `a test has ${KEYS.join(', ')}`);
  }
  const order = value['order'];
  if (!isJson(order)) return refuse('order-missing', '/order', 'say what is bought in `order`');
  const own = NOT_IN_ORDER.find((key) => key in order);
  if (own !== undefined) {
    return refuse(
      'unknown-field',
      `/order/${own}`,
      `\`${own}\` is said beside the order, not in it`,
    );
  }
  const member = memberIn(value['member']);
  if (member === undefined) {
    return refuse('invalid-member', '/member', 'name a member by its id, or describe a profile');
  }
  return readRest({ ...value, order }, member);
}

function readRest(value: Json & { readonly order: Json }, member: TestMember): ReadRequest {
  const { at: written, zone, total, asActive = [], explain = false } = value;
  const at = typeof written === 'string' ? parseMoment(written) : undefined;
  if (written !== undefined && at === undefined) {
    return refuse('invalid-instant', '/at', 'write an instant with an offset, or a local time');
  }
  if (zone !== undefined && !isZone(zone)) {
    return refuse('unknown-zone', '/zone', 'name a zone as IANA does: Asia/Almaty');
  }
  const autoCalculate = value['autoCalculate'] ?? total === undefined;
  if (typeof autoCalculate !== 'boolean') {
    return refuse('wrong-type', '/autoCalculate', 'is true or false');
  }
  if (!autoCalculate && !Number.isSafeInteger(total)) {
    return refuse('total-missing', '/total', 'without auto-calculate, say the total yourself');
  }
  if (!isNames(asActive)) {
    return refuse('wrong-type', '/asActive', `is a list of at most ${AS_ACTIVE_MAX} promotions`);
  }
  if (typeof explain !== 'boolean') return refuse('wrong-type', '/explain', 'is true or false');
  const request: TestRequest = {
    member,
    at,
    zone,
    order: value.order,
    total: autoCalculate ? undefined : Number(total),
    asActive,
    explain,
  };
  return { ok: true, request };
}

function memberIn(value: unknown): TestMember | undefined {
  if (value === undefined || value === null) return { kind: 'anonymous' };
  if (isName(value)) return { kind: 'existing', id: value };
  return isJson(value) ? { kind: 'context', profile: value } : undefined;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= NAME_LETTERS_MAX;
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= AS_ACTIVE_MAX && value.every(isName);
}

function isZone(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    // A RangeError: there is no such zone.
    return false;
  }
}

function refuse(reason: string, path: string, message: string): ReadRequest {
  return { ok: false, problem: { reason, path, message } };
}
