import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PointType } from '../arbitration/tree.ts';
import { instant, points } from '../money/units.ts';
import { plainTree } from '../testing/plain-tree.ts';
import { GUARD_LADDER, guardMove, type MoveRequest } from './guards.ts';
import { addPoints, newAccount } from './lots.ts';
import { type Member, newMember } from './member.ts';

const NOW = instant(1_000_000);

function memberWith(balance: number, standing: Member['standing'] = { kind: 'open' }): Member {
  const member = newMember('m', instant(0));
  member.standing = standing;
  for (const type of ['main', 'status']) {
    const account = newAccount(type);
    if (balance > 0) {
      const lot = { issuer: '', expiresAt: undefined, earnedAt: instant(0) };
      addPoints(account, { ...lot, points: points(balance) });
    }
    member.accounts.set(type, account);
  }
  return member;
}

interface Case {
  readonly purpose?: MoveRequest['purpose'];
  readonly type?: string;
  readonly amount?: number;
  readonly member?: Member | undefined;
  readonly deactivated?: boolean;
  readonly qualification?: boolean;
}

function guarded(given: Case) {
  const tree = plainTree();
  const plain = tree.pointTypes.get('main');
  if (plain === undefined) throw new Error('the plain tree has a main type');
  const type: PointType = {
    ...plain,
    kind: given.qualification ? 'qualification' : 'standard',
    deactivateAt: given.deactivated ? NOW : undefined,
  };
  return guardMove({
    purpose: given.purpose ?? 'spend',
    type: given.type ?? 'main',
    amount: given.amount ?? 10,
    member: 'member' in given ? given.member : memberWith(100),
    tree: { ...tree, pointTypes: new Map([['main', type]]) },
    at: NOW,
    paths: { type: '/type', amount: '/amount', member: '/member' },
  });
}

const closed = { kind: 'closed', at: NOW } as const;

// Each case breaks its own guard and every later one that can still be broken: so the order of
// the ladder is what decides.
const BROKEN: readonly (readonly [string, Case])[] = [
  ['unknown-point-type', { type: 'x', amount: 0.5, member: undefined }],
  [
    'points-not-spendable',
    { qualification: true, deactivated: true, amount: 0.5, member: undefined },
  ],
  ['point-type-deactivated', { deactivated: true, amount: 0.5, member: undefined }],
  ['too-many-decimals', { amount: -0.5, member: undefined }],
  ['number-too-small', { amount: 0, member: undefined }],
  ['unknown-member', { amount: 1000, member: undefined }],
  ['member-closed', { amount: 1000, member: memberWith(0, closed) }],
  ['insufficient-points', { amount: 101 }],
];

describe('the guard ladder', () => {
  it.each(BROKEN)('refuses with %s first', (reason, given) => {
    expect(guarded(given)).toMatchObject({ ok: false, reason });
  });

  it('has a case here for each of its guards, in its order', () => {
    expect(BROKEN.map(([reason]) => reason)).toEqual(GUARD_LADDER.map(({ reason }) => reason));
  });

  it('stands in the docs in its order', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/ledger.md'), 'utf8');
    const ladder = page.slice(page.indexOf('## The guard ladder')).split('\n## ')[0] ?? '';
    const told = [...ladder.matchAll(/^\d+\. `([a-z-]+)`/gm)].map((match) => match[1]);
    expect(told).toEqual(GUARD_LADDER.map(({ reason }) => reason));
  });

  it('lets through what breaks none, in steps of the point type', () => {
    expect(guarded({ amount: 100 })).toMatchObject({ ok: true, points: 100 });
  });

  it('lets a correction take qualification points, and a gift need no balance', () => {
    expect(guarded({ purpose: 'correct', qualification: true })).toMatchObject({ ok: true });
    expect(guarded({ purpose: 'give', amount: 500 })).toMatchObject({ ok: true });
  });

  it('counts only what is spendable now', () => {
    const member = memberWith(0);
    const account = member.accounts.get('main') ?? newAccount('main');
    addPoints(account, { issuer: '', expiresAt: NOW, earnedAt: instant(0), points: points(50) });
    expect(guarded({ member, amount: 1 })).toMatchObject({ reason: 'insufficient-points' });
  });
});
