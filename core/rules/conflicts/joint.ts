import { meetAtAGlance } from './bounds.ts';
import type { Claim, ClaimedBenefit } from './claims.ts';
import { type ByFact, type Literal, merged } from './literals.ts';
import { canHold, domainOf, lineDomainOf } from './values.ts';

/** What a checkout must be like so that some promotions do something in it together. */
export interface Joint {
  readonly claims: readonly Claim[];
  /** Bit n: ground n. */
  readonly grounds: bigint;
  readonly facts: ByFact;
  /** What one line must be like; `undefined` when any will do. */
  readonly line: ByFact | undefined;
  readonly benefits: readonly ClaimedBenefit[];
}

/** Facts that are looked at while prices fall, each promotion at its own moment. */
const MOVING: readonly string[] = ['total.current', 'line.discounted', 'discounted'];

export interface Joints {
  readonly found: readonly Joint[];
  /** True when these are all there can be: none found then proves that there is none. */
  readonly isProof: boolean;
}

/** Everything a promotion by itself needs, benefit by benefit. */
export function jointsOfOne(claim: Claim, benefits: readonly ClaimedBenefit[]): Joints {
  const found = claim.cases.flatMap(({ grounds, facts }) =>
    benefits.flatMap((one) =>
      (one.lines ?? [undefined]).map((line) => {
        return { claims: [claim], grounds, facts, line, benefits: [one] };
      }),
    ),
  );
  const isProof = claim.isExact && benefits.every(({ lines }) => lines !== undefined);
  return { found, isProof };
}

/** All ways in which two promotions meet, by one benefit each, on one line or in one order. */
export function jointsOfTwo(
  [one, two]: readonly [Claim, Claim],
  [first, second]: readonly [ClaimedBenefit, ClaimedBenefit],
): Joints {
  const isProof = one.isExact && two.isExact;
  if (!actOnTheSame(first, second)) return { found: [], isProof: true };
  const lines = sharedLines(first, second);
  if (lines.length === 0) return { found: [], isProof: true };
  const found: Joint[] = [];
  for (const a of one.cases) {
    for (const b of two.cases) {
      const grounds = a.grounds & b.grounds;
      if (grounds === 0n || !compatible(a.facts, b.facts, domainOf)) continue;
      const facts = merged(a.facts, b.facts);
      const both = { claims: [one, two], benefits: [first, second], grounds, facts };
      for (const line of lines) found.push({ ...both, line });
    }
  }
  return { found, isProof };
}

function actOnTheSame(one: ClaimedBenefit, two: ClaimedBenefit): boolean {
  return (one.benefit.target === 'delivery') === (two.benefit.target === 'delivery');
}

/** What a line needs that both act on; an empty list proves that there is none. */
function sharedLines(one: ClaimedBenefit, two: ClaimedBenefit): readonly (ByFact | undefined)[] {
  if (one.lines === undefined || two.lines === undefined) return [one.lines?.[0] ?? two.lines?.[0]];
  return one.lines.flatMap((a) =>
    (two.lines ?? []).flatMap((b) => (compatible(a, b, lineDomainOf) ? [merged(a, b)] : [])),
  );
}

/** Whether nothing shows that the two exclude each other. */
export function compatible(one: ByFact, two: ByFact, domain: typeof domainOf): boolean {
  const [few, many] = one.size <= two.size ? [one, two] : [two, one];
  for (const [fact, literals] of few) {
    const others = many.get(fact);
    if (others === undefined || MOVING.includes(fact)) continue;
    const known = domain(fact);
    const glance = known.many ? undefined : meetAtAGlance(literals, others);
    if (glance === false) return false;
    if (glance === true) continue;
    if (canHold([...literals, ...others], known) === false) return false;
  }
  return !excludesMember(few, many) && !excludesMember(many, few);
}

/** One wants nobody known, the other somebody in particular. */
function excludesMember(one: ByFact, two: ByFact): boolean {
  const anonymous = (one.get('member.known') ?? []).some(
    ({ test, holds }) => test.operator === 'is' && (test.value === false) === holds,
  );
  if (!anonymous) return false;
  const isOfMember = ({ fact, holds }: Literal) =>
    holds && fact.startsWith('member.') && fact !== 'member.known';
  return [...two.values()].some((literals) => literals.some(isOfMember));
}
