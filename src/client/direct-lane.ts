import { must } from '../../core/assert.ts';
import type { Asker } from './asker.ts';
import type { Parcel } from './lane.ts';
import { outcomesIn } from './outcome.ts';
import { requireAnswer } from './refusal.ts';

/**
 * The way of questions to a partition of a processor in this process, which gathers them by
 * itself: joining them here, and taking their answers apart again, would be for nothing.
 */
export class DirectLane {
  readonly #asker: Asker;
  readonly #subject: string;

  constructor(asker: Asker, subject: string) {
    this.#asker = asker;
    this.#subject = subject;
  }

  add({ bytes, format, deadline, resolve, reject }: Parcel): void {
    const settle = (answer: Uint8Array): void => {
      try {
        requireAnswer(answer, this.#subject);
        const [outcome] = outcomesIn(answer, format, 1);
        resolve(must(outcome, 'one question has one outcome'));
      } catch (error) {
        reject(error);
      }
    };
    this.#asker.put(
      this.#subject,
      { payload: bytes, format, deadline },
      { resolve: settle, reject },
    );
  }
}
