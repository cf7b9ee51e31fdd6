import type { ArbitrationTree } from '../arbitration/tree.ts';
import { type Member, newMember } from '../ledger/member.ts';
import { Posting } from '../ledger/posting.ts';
import { tierHeld } from '../ledger/tier-state.ts';
import { type Instant, points } from '../money/units.ts';
import { decodeEnrolment } from '../transaction/decode-member.ts';
import { type Problem, Reader } from '../transaction/reader.ts';
import type { Json } from './fixture.ts';

/** A member made from its description, and the first thing that is wrong with the description. */
export interface DescribedMember {
  readonly member: Member;
  readonly problem: Problem | undefined;
}

/** A member as a fixture or a test describes one: an enrolment, and what it owns already. */
export function describedMember(json: Json, tree: ArbitrationTree, at: Instant): DescribedMember {
  const id = String(json['id'] ?? 'm');
  const { points: balances, tiers, checkouts, tier: _tier, ...profile } = json;
  const reader = new Reader();
  const enrolment = decodeEnrolment(reader, {
    ...profile,
    id: 'enrol',
    kind: 'enrol',
    member: id,
  });
  const member = newMember(id, at);
  member.birthday = enrolment.birthday;
  member.segments = enrolment.segments;
  member.partners = enrolment.partners;
  member.fields = enrolment.fields;
  member.checkouts = typeof checkouts === 'number' ? checkouts : 0;
  for (const [group, tier] of Object.entries(tiers ?? {}))
    member.tiers.set(group, tierHeld(String(tier), at));
  const posting = new Posting({ member, tree, at, zone: tree.zone });
  for (const [type, amount] of Object.entries(balances ?? {})) {
    const precision = tree.pointTypes.get(type)?.precision ?? 0;
    posting.accrue({
      type,
      issuer: undefined,
      promotion: '',
      checkout: '',
      points: points(Math.round(Number(amount) * 10 ** precision)),
      credit: { kind: 'at-checkout' },
      movement: 'initial-balance',
    });
  }
  return { member, problem: reader.problem };
}
