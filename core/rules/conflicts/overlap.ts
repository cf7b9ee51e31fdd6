import type { Decision } from '../../arbitration/decision.ts';
import { changesPrices } from '../../arbitration/interpret/state.ts';
import { resolvePeriod } from '../../time/period.ts';
import { categoryOf, goTogether, limitOf } from '../categories.ts';
import { quoted } from '../diagnostic.ts';
import type { DiagnosticCode } from '../diagnostic-codes.ts';
import type { ArbitrationNode, NormalPromotion } from '../normal.ts';
import type { Claim, ClaimedBenefit, Claims } from './claims.ts';
import { type Joint, type Joints, jointsOfTwo } from './joint.ts';
import { bothNamed, type Report } from './report.ts';
import type { Finding, Search } from './search.ts';

/**
 * Promotions that meet on one line without anybody having said how: neither in one group nor
 * exclusive. Of discounts they overlap, of points of one type they accrue twice.
 */

const DAY = 86_400_000;

interface Kind {
  readonly code: DiagnosticCode;
  readonly means: (benefit: ClaimedBenefit['benefit']) => string | undefined;
  readonly shows: (decision: Decision, one: string, two: string) => boolean;
  readonly message: (one: string, two: string) => string;
  readonly hint: string;
}

const KINDS: readonly Kind[] = [
  {
    code: 'overlapping-promotions',
    means: (benefit) => (changesPrices(benefit) ? 'price' : undefined),
    shows: bothLower,
    message: (one, two) => `${two} and ${one} lower the same price, and no group holds both`,
    hint: 'put both into one group, make one exclusive, or narrow one of them',
  },
  {
    code: 'double-accrual',
    means: (benefit) => (benefit.kind === 'points' ? benefit.type : undefined),
    shows: bothAccrue,
    message: (one, two) => `${two} and ${one} both grant points of one type for the same goods`,
    hint: 'put both into one group, make one exclusive, or narrow one of them',
  },
];

interface Placed {
  readonly promotion: NormalPromotion;
  readonly claims: readonly Claim[];
  /** The group of main arbitration that holds it; nothing when it stands there itself. */
  readonly group: ArbitrationNode | undefined;
  /** Widest period of all its bodies, with a day to spare for zones. */
  readonly start: number;
  readonly end: number;
}

export function findOverlaps(claims: Claims, search: Search, report: Report): void {
  const { root } = claims.rules;
  if (root.mode !== 'sequential' && root.mode !== 'sum') return;
  const placed = placedIn(claims);
  for (const kind of KINDS) {
    const meant = placed.filter(({ claims: own }) => own.some((one) => hasMeant(one, kind)));
    for (const [at, two] of meant.entries()) {
      for (const one of meant.slice(0, at)) {
        if (report.isFull) {
          report.leave(`${kind.code} from ${quoted(two.promotion.id)} on: the report is full`);
          return;
        }
        if (one.start >= two.end || two.start >= one.end || isSettled(one, two, claims)) continue;
        const finding = meet(one, two, { kind, search });
        const [a, b] = [one.promotion, two.promotion];
        report.tell(finding, `${kind.code} of ${bothNamed(a, b)}`, () => ({
          code: kind.code,
          path: report.pathOf(b),
          message: kind.message(quoted(a.id), quoted(b.id)),
          hint: kind.hint,
        }));
        // One shown is enough to act on; the next check shows what is left.
        if (finding.kind === 'found') break;
      }
    }
  }
}

function placedIn({ rules, of }: Claims): readonly Placed[] {
  const groups = rules.root.children.filter((child) => child.kind === 'group');
  return rules.promotions.map((promotion, at) => {
    const claims = of[at] ?? [];
    const periods = claims.map(({ body }) => resolvePeriod(body.period, rules.programme.zone));
    return {
      promotion,
      claims,
      group: groups.find(({ from, to }) => from <= at && at < to),
      start: Math.min(...periods.map(({ start }) => start)) - DAY,
      end: Math.max(...periods.map(({ end }) => end)) + DAY,
    };
  });
}

function hasMeant({ benefits }: Claim, { means }: Kind): boolean {
  return benefits.some(({ benefit }) => means(benefit) !== undefined);
}

/** Whether the rule set itself says what happens when the two meet. */
function isSettled(one: Placed, two: Placed, { rules }: Claims): boolean {
  if (one.group !== undefined && one.group === two.group) return true;
  const [a, b] = [one.promotion.stacking, two.promotion.stacking];
  if (a.exclusive && one.group === undefined) return true;
  if (b.exclusive && two.group === undefined) return true;
  if (a.stopAfter && one.group === undefined) return true;
  const [first, second] = [categoryOf(a.category, rules), categoryOf(b.category, rules)];
  if (!goTogether(first, second, rules)) return true;
  return first.id === second.id && limitOf(first, rules) === 1;
}

function meet(one: Placed, two: Placed, { kind, search }: { kind: Kind; search: Search }): Finding {
  const joints = meetingsOf(one, two, kind);
  return search.find({
    joints,
    shows: (decision) => kind.shows(decision, one.promotion.id, two.promotion.id),
  });
}

function meetingsOf(one: Placed, two: Placed, { means }: Kind): Joints {
  const found: Joint[] = [];
  let isProof = true;
  for (const a of one.claims) {
    for (const b of two.claims) {
      for (const first of a.benefits) {
        const meaning = means(first.benefit);
        if (meaning === undefined) continue;
        for (const second of b.benefits) {
          if (means(second.benefit) !== meaning) continue;
          const joints = jointsOfTwo([a, b], [first, second]);
          found.push(...joints.found);
          isProof &&= joints.isProof;
        }
      }
    }
  }
  return { found, isProof };
}

function bothLower({ lines, deliveryAwards }: Decision, one: string, two: string): boolean {
  return [...lines.map(({ awards }) => awards), deliveryAwards].some((awards) =>
    [one, two].every((id) => awards.some((each) => each.promotion === id && each.applied > 0)),
  );
}

function bothAccrue({ accruals }: Decision, one: string, two: string): boolean {
  const of = (id: string) => accruals.filter(({ promotion }) => promotion === id);
  return of(one).some((a) =>
    of(two).some((b) => {
      const isShared = a.shares.some((share, slot) => share > 0 && (b.shares[slot] ?? 0) > 0);
      return a.type === b.type && isShared;
    }),
  );
}
