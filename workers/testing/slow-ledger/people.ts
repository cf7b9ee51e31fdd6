import type { Random } from '../../../core/testing/random.ts';
import type { SlowMember } from './book.ts';
import type { Written } from './expected.ts';
import type { SlowLedger } from './ledger.ts';
import { lastUnmerge } from './merging.ts';
import { pickOf } from './random-programme.ts';

const CARDS = ['0', '1', '2', '3', '4', '5'] as const;

/** Invents what members do with their cards, and what becomes of members. */
export class People {
  readonly #random: Random;
  readonly #ledgers: readonly SlowLedger[];

  constructor(random: Random, ledgers: readonly SlowLedger[]) {
    this.#random = random;
    this.#ledgers = ledgers;
  }

  /** A member, hardly ever one that is closed or merged. */
  anyone(): string | undefined {
    const all = this.#ledgers.flatMap(({ members }) => [...members.values()]);
    const open = all.filter(({ standing }) => standing.kind === 'open');
    const likely = open.length > 0 && this.#random.chance(0.9) ? open : all;
    return likely.length === 0 ? undefined : pickOf(this.#random, likely).id;
  }

  /** A merge is undone in the last moment, or a moment too late. */
  lastMoment(now: number, id: () => string): Written | undefined {
    const all = this.#ledgers.flatMap(({ members }) => [...members.values()]);
    const late = all.find((member) => Math.abs(lastUnmerge(member) - now) <= 1);
    if (!late || this.#random.chance(0.3)) return undefined;
    return { id: id(), kind: 'unmerge', member: late.id };
  }

  card(): string {
    return pickOf(this.#random, CARDS);
  }

  next(id: () => string): Written {
    const dice = this.#random.below(100);
    if (dice < 42) return this.#link(id());
    if (dice < 64) return { id: id(), kind: 'merge', ...this.#member(), into: this.#other() };
    if (dice < 96) return { id: id(), kind: 'unmerge', ...this.#merged() };
    return { id: id(), kind: 'close', ...this.#member() };
  }

  #member(): { readonly member: string } {
    return { member: this.anyone() ?? 'nobody' };
  }

  #other(): string {
    return this.#random.chance(0.9) ? (this.anyone() ?? 'nobody') : 'nobody';
  }

  /** Somebody who was merged, if there is anybody. */
  #merged(): { readonly member: string } {
    const all = this.#ledgers.flatMap(({ members }) => [...members.values()]);
    const merged = all.filter(({ standing }) => standing.kind === 'merged');
    if (merged.length === 0 || this.#random.chance(0.1)) return this.#member();
    return { member: pickOf(this.#random, merged).id };
  }

  #link(id: string): Written {
    const owner = this.#random.chance(0.6) ? this.#owner() : undefined;
    const member = owner?.id ?? this.anyone() ?? 'nobody';
    const known = owner && [...owner.links.keys()];
    const identifier = known ? pickOf(this.#random, known) : this.#identifier();
    const [kind = '', number = ''] = identifier.split('/');
    const changes = ['unlink', 'block', 'unblock', 'replace', 'link'];
    const action = owner ? pickOf(this.#random, changes) : 'link';
    return {
      ...{ id, kind: 'link', member, action, [kind]: number },
      ...(action === 'replace' && { by: this.card() }),
    };
  }

  #identifier(): string {
    return this.#random.chance(0.7) ? `card/${this.card()}` : 'phone/+77011234567';
  }

  /** Somebody who has cards. */
  #owner(): SlowMember | undefined {
    const all = this.#ledgers.flatMap(({ members }) => [...members.values()]);
    const owners = all.filter(({ links }) => links.size > 0);
    return owners.length === 0 ? undefined : pickOf(this.#random, owners);
  }
}
