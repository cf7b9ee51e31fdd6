import type { WhatIfPhase, WhatIfProgress } from '../../ops/what-if/what-if.ts';

const PHASES: readonly WhatIfPhase[] = ['counting', 'catching-up', 'comparing'];
const [CANCELLED, PHASE, DONE, TOTAL, WORDS] = [0, 1, 2, 3, 4] as const;
const UNKNOWN = -1;

/**
 * How far a trial is, and whether to stop it: a few numbers that the thread which works and the
 * one which watches share. So nothing has to be sent while it runs.
 */
export class TrialControl {
  readonly shared: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(shared?: SharedArrayBuffer) {
    this.shared = shared ?? new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT);
    this.#words = new Int32Array(this.shared);
    if (!shared) this.#words[TOTAL] = UNKNOWN;
  }

  /** The trial ends at its next step, with no result. */
  cancel(): void {
    Atomics.store(this.#words, CANCELLED, 1);
  }

  get isCancelled(): boolean {
    return Atomics.load(this.#words, CANCELLED) === 1;
  }

  note({ phase, done, total = UNKNOWN }: WhatIfProgress): void {
    Atomics.store(this.#words, PHASE, PHASES.indexOf(phase));
    Atomics.store(this.#words, DONE, done);
    Atomics.store(this.#words, TOTAL, total);
  }

  get progress(): WhatIfProgress {
    const total = Atomics.load(this.#words, TOTAL);
    return {
      phase: PHASES[Atomics.load(this.#words, PHASE)] ?? 'counting',
      done: Atomics.load(this.#words, DONE),
      total: total === UNKNOWN ? undefined : total,
    };
  }
}
