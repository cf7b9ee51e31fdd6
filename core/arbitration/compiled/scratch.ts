import type { Selection } from '../language.ts';
import type { Plan } from './plan.ts';

/**
 * Places for what one decision notes about promotions and scopes, by position: made once a tree,
 * because few of many are looked at. A decision clears what it may look at before it begins, so
 * it cannot see the one before.
 */
export class Scratch {
  /** Why a promotion may not apply; `''` when it may. */
  readonly verdicts: (string | undefined)[];
  /** Why a promotion did nothing, as told last. */
  readonly notes: (string | undefined)[];
  /** 1 for promotions that did something in the end. */
  readonly applied: Uint8Array;
  readonly #selections: (Selection | undefined)[];
  readonly #selected: number[] = [];
  #zeros: readonly number[] = [];

  constructor({ promotions, scopes }: Plan) {
    this.verdicts = new Array(promotions.length).fill(undefined);
    this.notes = new Array(promotions.length).fill(undefined);
    this.applied = new Uint8Array(promotions.length);
    this.#selections = new Array(scopes.length).fill(undefined);
  }

  /** Begins a decision about these promotions. */
  clear(live: readonly number[]): void {
    for (const position of live) {
      this.verdicts[position] = undefined;
      this.notes[position] = undefined;
      this.applied[position] = 0;
    }
    for (const scope of this.#selected) this.#selections[scope] = undefined;
    this.#selected.length = 0;
  }

  /** So many zeros, to be copied and never changed. */
  zeros(slots: number): readonly number[] {
    if (this.#zeros.length !== slots) this.#zeros = new Array<number>(slots).fill(0);
    return this.#zeros;
  }

  selection(scope: number): Selection | undefined {
    return this.#selections[scope];
  }

  keepSelection(scope: number, selection: Selection): void {
    this.#selections[scope] = selection;
    this.#selected.push(scope);
  }
}
