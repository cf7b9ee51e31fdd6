import { decimal, inThousandths } from './basket.ts';
import type { Random } from './random.ts';
import type { CheckoutJson, LineJson } from './transaction-json.ts';

/** Checkouts whose goods may still come back. Older ones are never returned. */
export const PAST_CHECKOUTS_MAX = 20_000;
/** So many checkouts lie between a purchase and its return: nobody turns round at the till. */
export const RETURN_AGE_MIN = 2_000;

interface PastLine {
  readonly id: string;
  readonly isWhole: boolean;
  left: number;
}

/** A checkout as far as what can come back of it. */
export interface PastCheckout {
  readonly id: string;
  readonly member: string | undefined;
  readonly store: string;
  readonly zone: string;
  readonly lines: PastLine[];
}

/** Remembers the last checkouts, so that a return names one of them and takes what is left. */
export class Past {
  readonly #ring: (PastCheckout | undefined)[] = [];
  #count = 0;

  remember(checkout: CheckoutJson, zone: string): void {
    this.#ring[this.#count % PAST_CHECKOUTS_MAX] = {
      id: checkout.id,
      member: checkout.member,
      store: checkout.store,
      zone,
      lines: checkout.lines.map(pastLine),
    };
    this.#count += 1;
  }

  /** Any checkout that is old enough and not wholly back. */
  draw(random: Random): PastCheckout | undefined {
    const oldest = Math.max(0, this.#count - PAST_CHECKOUTS_MAX);
    const oldEnough = this.#count - oldest - RETURN_AGE_MIN;
    if (oldEnough <= 0) return undefined;
    return this.#ring[(oldest + random.below(oldEnough)) % PAST_CHECKOUTS_MAX];
  }

  /** The checkout never happened. False when all of it is back already. */
  cancel(past: PastCheckout): boolean {
    const isAnyLeft = past.lines.some((line) => line.left > 0);
    past.lines.length = 0;
    return isAnyLeft;
  }

  /** Takes some lines back, within what is left. Empty when nothing is. */
  bringBack(random: Random, past: PastCheckout): { id: string; quantity: number | string }[] {
    const isAll = random.chance(0.4);
    const lines = past.lines.filter((line) => line.left > 0);
    const chosen = isAll ? lines : lines.slice(0, random.between(1, Math.max(1, lines.length)));
    return chosen.map((line) => {
      const pieces = line.left / 1_000;
      // Weighed goods come back as they are; of pieces, some may be kept.
      const isPart = line.isWhole && !isAll && pieces > 1;
      const taken = isPart ? random.between(1, pieces) * 1_000 : line.left;
      line.left -= taken;
      return { id: line.id, quantity: line.isWhole ? taken / 1_000 : decimal(taken) };
    });
  }
}

function pastLine(line: LineJson): PastLine {
  const { id, quantity } = line;
  return { id, isWhole: typeof quantity === 'number', left: inThousandths(quantity) };
}
