/**
 * Purchased lines that can still be brought back. More are forgotten, the oldest first, so that
 * a file of any length is read in bounded memory.
 */
export const PURCHASES_REMEMBERED_MAX = 2_000_000;

interface Purchase {
  readonly checkout: string;
  readonly line: string;
  left: number;
}

/** A part of a return: so much of one line of one checkout. */
export interface Match {
  readonly checkout: string;
  readonly line: string;
  readonly quantity: number;
}

export interface Matched {
  readonly matches: readonly Match[];
  /** What no purchase is left for. */
  readonly unmatched: number;
  /** False when the member never bought this (or so long ago that it is forgotten). */
  readonly wasBought: boolean;
}

/** What the members bought and have not brought back yet. */
export class Purchases {
  readonly #rememberedMax: number;
  readonly #byGoods = new Map<string, Purchase[]>();
  /** The goods of each remembered purchase in the order they were bought. */
  readonly #order = new Map<number, string>();
  #bought = 0;
  #forgotten = 0;

  constructor(rememberedMax = PURCHASES_REMEMBERED_MAX) {
    this.#rememberedMax = rememberedMax;
  }

  /** Purchases that were dropped to stay within the limit. */
  get forgotten(): number {
    return this.#forgotten;
  }

  buy(goods: Goods, match: Match): void {
    const key = keyOf(goods);
    const purchases = this.#byGoods.get(key);
    const purchase = { checkout: match.checkout, line: match.line, left: match.quantity };
    if (purchases === undefined) this.#byGoods.set(key, [purchase]);
    else purchases.push(purchase);

    this.#order.set(this.#bought, key);
    this.#bought += 1;
    if (this.#order.size > this.#rememberedMax) this.#forgetOldest();
  }

  /** Takes back the newest purchases first, each within what is left of it. */
  bringBack(goods: Goods, quantity: number): Matched {
    const purchases = this.#byGoods.get(keyOf(goods)) ?? [];
    const matches: Match[] = [];
    let unmatched = quantity;
    for (const purchase of purchases.toReversed()) {
      const taken = Math.min(purchase.left, unmatched);
      if (taken === 0) continue;
      purchase.left -= taken;
      unmatched -= taken;
      matches.push({ checkout: purchase.checkout, line: purchase.line, quantity: taken });
    }
    return { matches, unmatched, wasBought: purchases.length > 0 };
  }

  #forgetOldest(): void {
    const [oldest] = this.#order;
    if (oldest === undefined) return;
    const [sequence, key] = oldest;
    this.#order.delete(sequence);
    this.#forgotten += 1;
    const purchases = this.#byGoods.get(key);
    purchases?.shift();
    if (purchases?.length === 0) this.#byGoods.delete(key);
  }
}

/** Who bought what: returns are matched by the customer and the stock code. */
export interface Goods {
  readonly customer: string;
  readonly stockCode: string;
}

function keyOf(goods: Goods): string {
  // Neither part can hold a line break: both come from a trimmed column.
  return `${goods.customer}\n${goods.stockCode}`;
}
