import { must } from '../../core/assert.ts';
import type { DueMember } from '../../core/ledger/state-reader.ts';
import type { Instant } from '../../core/money/units.ts';

const HOUR = 3_600_000;

/** Whom time alone changes, by the hour in which it does: only a few hours are ever sorted. */
export class DueIndex {
  readonly #hours = new Map<number, Map<string, Instant>>();
  /** Ascending. */
  #order: number[] = [];

  add({ member, dueAt }: DueMember): void {
    const hour = Math.floor(dueAt / HOUR);
    const known = this.#hours.get(hour);
    if (known) {
      known.set(member, dueAt);
      return;
    }
    this.#hours.set(hour, new Map([[member, dueAt]]));
    const at = this.#order.findLastIndex((other) => other < hour);
    this.#order.splice(at + 1, 0, hour);
  }

  remove({ member, dueAt }: DueMember): void {
    const hour = Math.floor(dueAt / HOUR);
    const known = this.#hours.get(hour);
    if (!known?.delete(member) || known.size > 0) return;
    this.#hours.delete(hour);
    this.#order.splice(this.#order.indexOf(hour), 1);
  }

  /** Those that are due by an instant, in the order of (instant, name). */
  until(at: Instant, limit: number): readonly DueMember[] {
    const found: DueMember[] = [];
    for (const hour of this.#order) {
      if (found.length >= limit || hour * HOUR > at) break;
      const members = must(this.#hours.get(hour), 'an hour without members');
      const due = [...members]
        .filter(([, dueAt]) => dueAt <= at)
        .map(([member, dueAt]) => ({ member, dueAt }))
        .sort((a, b) => a.dueAt - b.dueAt || (a.member < b.member ? -1 : 1));
      found.push(...due);
    }
    return found.slice(0, limit);
  }

  copy(): DueIndex {
    const copy = new DueIndex();
    for (const [hour, members] of this.#hours) copy.#hours.set(hour, new Map(members));
    copy.#order = [...this.#order];
    return copy;
  }
}
