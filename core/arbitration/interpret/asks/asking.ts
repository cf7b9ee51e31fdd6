import type { BenefitKind } from '../../../rules/benefit.ts';
import type { BenefitOf } from '../../../rules/benefits/definition.ts';
import type { Portion } from '../../../rules/benefits/portion.ts';
import type { OrderLine } from '../../../transaction/transaction.ts';
import type { Basket } from './basket.ts';

/**
 * How a benefit kind asks for lower prices, by what it acts on. What it does not say, it does not
 * ask for. All of it is a wish: what slots can bear is decided afterwards.
 */
export interface Asking<K extends BenefitKind> {
  /** One sum for all slots, and what it is split by; `undefined` where it asks otherwise. */
  readonly split?: (benefit: BenefitOf<K>, basket: Basket) => Split | undefined;
  /** Of one line, looked at by itself. */
  readonly line?: (benefit: BenefitOf<K>, portion: Portion, where: LineOfBasket) => number;
  /** Of the total of the selected lines. */
  readonly order?: (benefit: BenefitOf<K>, total: number, basket: Basket) => number;
  /** Of the delivery price. */
  readonly delivery?: (benefit: BenefitOf<K>, price: number, basket: Basket) => number;
}

export interface Split {
  readonly total: number;
  readonly weights: readonly number[];
}

export interface LineOfBasket {
  readonly line: OrderLine;
  readonly basket: Basket;
}
