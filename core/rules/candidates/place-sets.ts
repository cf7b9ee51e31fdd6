import type { ArbitrationInput } from '../../arbitration/decision.ts';
import type { PlaceFacts } from '../facts.ts';
import { type Bits, keepOnly } from './bits.ts';
import type { Dimension } from './dimensions.ts';
import type { Postings } from './postings.ts';
import type { Situations } from './situations.ts';

/** A dimension with the promotions that it tells apart. */
export interface Told {
  readonly give: Dimension['give'];
  readonly postings: Postings;
}

interface Kept {
  readonly store: string | undefined;
  readonly partner: string | undefined;
  readonly channel: string | undefined;
  readonly bits: Bits;
}

/**
 * What place and channel leave of all promotions. One store's checkouts are mostly alike in
 * both, so the last set of each place is kept.
 */
export class PlaceSets {
  readonly #situations: Situations;
  readonly #dimensions: readonly Told[];
  readonly #lastAt = new WeakMap<readonly string[], Kept>();

  /** The dimensions look at nothing but the place. */
  constructor(situations: Situations, dimensions: readonly Told[]) {
    this.#situations = situations;
    this.#dimensions = dimensions;
  }

  at(input: ArbitrationInput, place: PlaceFacts): Bits {
    const { store, partner, path } = place;
    const { channel } = input.checkout;
    const last = this.#lastAt.get(path);
    const isKnown = last?.store === store && last?.partner === partner && last?.channel === channel;
    if (last !== undefined && isKnown) return last.bits;
    const bits = this.#situations.at(path, channel).slice();
    for (const { give, postings } of this.#dimensions) {
      give(postings, input, place);
      keepOnly(bits, postings.end());
    }
    this.#lastAt.set(path, { store, partner, channel, bits });
    return bits;
  }
}
