import type { ArbitrationTree, PointType } from '../arbitration/tree.ts';
import { type Instant, type Points, points } from '../money/units.ts';
import { available } from './lots.ts';
import type { Member } from './member.ts';

/** An expected "no", before anything has moved. */
export interface Refused {
  readonly ok: false;
  readonly reason: string;
  /** JSON pointer into the transaction. */
  readonly path: string;
  readonly message: string;
  /** The member to send it for instead. */
  readonly sendFor?: string;
}

/** A movement of points that somebody asks for by name and amount. */
export interface MoveRequest {
  /** `spend` needs points that are there to be spent; `correct` may touch any; `give` adds. */
  readonly purpose: 'spend' | 'correct' | 'give';
  readonly type: string;
  /** As the sender wrote it; how far below zero is a matter of the caller. */
  readonly amount: number;
  /** With all booked that time alone has changed; `undefined`: there is no such member. */
  readonly member: Member | undefined;
  readonly tree: ArbitrationTree;
  readonly at: Instant;
  /** Where the transaction says the type, the amount and the member. */
  readonly paths: { readonly type: string; readonly amount: string; readonly member: string };
}

export interface Admitted {
  readonly ok: true;
  readonly type: PointType;
  /** Above zero, in steps of the type's precision. */
  readonly points: Points;
  readonly member: Member;
}

type Guard = (request: MoveRequest) => Refused | undefined;

/**
 * The ladder that every requested movement climbs before its transfer, in this order: the first
 * broken guard is the one reported. `docs/ledger.md` prints it; `guards.test.ts` holds it.
 */
export const GUARD_LADDER: readonly { readonly reason: string; readonly guard: Guard }[] = [
  { reason: 'unknown-point-type', guard: knowsType },
  { reason: 'points-not-spendable', guard: isSpendable },
  { reason: 'point-type-deactivated', guard: isInForce },
  { reason: 'too-many-decimals', guard: fitsPrecision },
  { reason: 'number-too-small', guard: isPositive },
  { reason: 'unknown-member', guard: knowsMember },
  { reason: 'member-closed', guard: isOpen },
  { reason: 'insufficient-points', guard: hasEnough },
];

/** Checks a requested movement, and turns its amount into steps of the point type. */
export function guardMove(request: MoveRequest): Admitted | Refused {
  for (const { guard } of GUARD_LADDER) {
    const refused = guard(request);
    if (refused) return refused;
  }
  const type = request.tree.pointTypes.get(request.type);
  const steps = type && scaled(request.amount, type.precision);
  // Each was found by its guard; this only tells the compiler.
  if (!type || steps === undefined || !request.member) return knowsMember(request) ?? NO_TYPE;
  return { ok: true, type, points: steps, member: request.member };
}

const NO_TYPE: Refused = refused('unknown-point-type', '', 'the rule set has no such point type');

function refused(reason: string, path: string, message: string): Refused {
  return { ok: false, reason, path, message };
}

function knowsType({ tree, type, paths }: MoveRequest): Refused | undefined {
  if (tree.pointTypes.has(type)) return undefined;
  return refused('unknown-point-type', paths.type, `the rule set has no point type \`${type}\``);
}

function isSpendable({ tree, type, purpose, paths }: MoveRequest): Refused | undefined {
  const isQualification = tree.pointTypes.get(type)?.kind === 'qualification';
  if (purpose !== 'spend' || !isQualification) return undefined;
  const message = `\`${type}\` are qualification points: they raise a tier and are never spent`;
  return refused('points-not-spendable', paths.type, message);
}

function isInForce({ tree, type, at, paths }: MoveRequest): Refused | undefined {
  const deactivateAt = tree.pointTypes.get(type)?.deactivateAt;
  if (deactivateAt === undefined || at < deactivateAt) return undefined;
  const message = `the point type \`${type}\` was deactivated: neither given nor spent any more`;
  return refused('point-type-deactivated', paths.type, message);
}

function fitsPrecision({ tree, type, amount, paths }: MoveRequest): Refused | undefined {
  const precision = tree.pointTypes.get(type)?.precision ?? 0;
  if (scaled(amount, precision) !== undefined) return undefined;
  const message = `write points of \`${type}\` with at most ${precision} decimals`;
  return refused('too-many-decimals', paths.amount, message);
}

function isPositive({ amount, paths }: MoveRequest): Refused | undefined {
  if (amount > 0) return undefined;
  return refused('number-too-small', paths.amount, 'at least one step of a point has to move');
}

function knowsMember({ member, paths }: MoveRequest): Refused | undefined {
  if (member) return undefined;
  return refused('unknown-member', paths.member, 'there is no such member: enrol the member first');
}

function isOpen({ member, paths }: MoveRequest): Refused | undefined {
  return member && guardOpen(member, paths.member);
}

/** Members that are closed or merged into another neither earn nor spend. */
export function guardOpen(member: Member, path: string): Refused | undefined {
  const { standing } = member;
  if (standing.kind === 'open') return undefined;
  if (standing.kind === 'closed') return refused('member-closed', path, 'the member is closed');
  const { into } = standing;
  const message = `merged into \`${into}\`: send the same again with this member`;
  return { ...refused('member-merged', path, message), sendFor: into };
}

function hasEnough(request: MoveRequest): Refused | undefined {
  const { tree, type, amount, member, at, purpose, paths } = request;
  if (purpose === 'give' || !member) return undefined;
  const account = member.accounts.get(type);
  const spendable = account ? available(account, at) : 0;
  const wanted = scaled(amount, tree.pointTypes.get(type)?.precision ?? 0) ?? 0;
  if (wanted <= spendable) return undefined;
  const message = 'the member has fewer spendable points than that';
  return refused('insufficient-points', paths.amount, message);
}

/** Points as written → integer steps of 10^-precision, or `undefined` if they do not fit. */
export function scaled(amount: number, precision: number): Points | undefined {
  const steps = Math.round(amount * 10 ** precision);
  // Written with more decimals than the type has, or beyond what integers hold exactly.
  const fits = Number.isSafeInteger(steps) && Math.abs(steps / 10 ** precision - amount) < 1e-9;
  return fits ? points(steps) : undefined;
}
