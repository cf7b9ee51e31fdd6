import type { MemberFacts } from '../arbitration/decision.ts';
import type { ArbitrationTree } from '../arbitration/tree.ts';
import type { Instant, Points } from '../money/units.ts';
import type { Fields } from '../transaction/transaction.ts';
import { available } from './lots.ts';
import { historyOf, type Member } from './member.ts';

const NO_TIERS: ReadonlyMap<string, string> = new Map();

/** A member as the engine may see it. Sets and maps are made only when a condition asks. */
export class MemberView implements MemberFacts {
  readonly id: string;
  readonly birthday: string | undefined;
  readonly fields: Fields;
  readonly #member: Member;
  readonly #tree: ArbitrationTree;
  readonly #at: Instant;
  #partners: ReadonlySet<string> | undefined;
  #points: ReadonlyMap<string, Points> | undefined;
  #tiers: ReadonlyMap<string, string> | undefined;

  /** `at` is when the transaction was accepted: what can be spent depends on it. */
  constructor(member: Member, tree: ArbitrationTree, at: Instant) {
    this.id = member.id;
    this.birthday = member.birthday;
    this.fields = member.fields;
    this.#member = member;
    this.#tree = tree;
    this.#at = at;
  }

  get checkouts(): number {
    return this.#member.checkouts;
  }

  get segments(): readonly string[] {
    return this.#member.segments;
  }

  get partners(): ReadonlySet<string> {
    this.#partners ??= new Set(this.#member.partners);
    return this.#partners;
  }

  get tiers(): ReadonlyMap<string, string> {
    this.#tiers ??= this.#held();
    return this.#tiers;
  }

  get points(): ReadonlyMap<string, Points> {
    this.#points ??= this.#spendable();
    return this.#points;
  }

  history(metric: 'purchases' | 'spend', days: number, at: Instant): number {
    return historyOf(this.#member, { metric, days, at });
  }

  #held(): ReadonlyMap<string, string> {
    const { tiers } = this.#member;
    if (tiers.size === 0) return NO_TIERS;
    const held = new Map<string, string>();
    tiers.forEach(({ tier }, group) => {
      held.set(group, tier);
    });
    return held;
  }

  /** Qualification points and deactivated types are never spendable (003-07, 003-09). */
  #spendable(): ReadonlyMap<string, Points> {
    const spendable = new Map<string, Points>();
    for (const account of this.#member.accounts.values()) {
      const type = this.#tree.pointTypes.get(account.type);
      if (type === undefined || type.kind === 'qualification') continue;
      if (type.deactivateAt !== undefined && type.deactivateAt <= this.#at) continue;
      spendable.set(account.type, available(account, this.#at));
    }
    return spendable;
  }
}
