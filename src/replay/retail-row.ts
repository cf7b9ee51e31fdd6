/** One row of the file as it stands there: all text, nothing believed yet. */
export interface RetailRow {
  readonly invoice: string;
  readonly stockCode: string;
  readonly description: string;
  readonly quantity: string;
  readonly date: string;
  readonly price: string;
  readonly customer: string;
  readonly country: string;
}

/** A row that names goods bought (`sale`), goods brought back (`return`) or postage paid. */
export interface GoodRow {
  readonly kind: 'sale' | 'return' | 'postage';
  readonly invoice: string;
  readonly stockCode: string;
  readonly description: string;
  /** Positive: a return's is turned round. */
  readonly quantity: number;
  /** ISO 8601 with London's offset at that time. */
  readonly occurredAt: string;
  /** Pence. 0 in a return, whose goods go back at the price they were bought for. */
  readonly price: number;
  /** True when the price had fractions of a penny and was rounded half up. */
  readonly isPriceRounded: boolean;
  /** Empty: nobody knows. */
  readonly customer: string;
  readonly country: string;
}

/** Why a row becomes no transaction. The first of these that fits is the one reported. */
export const ROW_REASONS = {
  'malformed-row': 'the row does not have eight columns',
  'missing-invoice': 'no invoice number',
  'adjustment-invoice': 'an accounting adjustment (`A…`), nothing was bought or brought back',
  'unknown-invoice-kind': 'an invoice number that is neither digits nor `C` and digits',
  'missing-stock-code': 'no stock code',
  'missing-country': 'no country, so no region',
  'invalid-date': 'the date is not in the calendar or not written as expected',
  'invalid-quantity': 'the quantity is not a whole number of at most nine digits',
  'invalid-price': 'the price is not a decimal number',
  'not-a-product': 'a fee, a voucher, a manual entry or a discount, not goods',
  'postage-refund': 'postage given back: it is no line that could be returned',
  'quantity-not-positive': 'a normal invoice with a quantity of zero or less (stock correction)',
  'quantity-not-negative': 'a cancellation with a quantity of zero or more',
  'price-negative': 'a negative price',
  'price-zero': 'a price of zero pence: nothing was sold',
  'invoice-mixed': 'another customer or country than the rest of its invoice',
  'invoice-closed': 'its invoice ended long before in the file',
  'postage-without-goods': 'an invoice of nothing but postage',
} as const;
export type RowReason = keyof typeof ROW_REASONS;

/** Why goods that came back could not be matched to a purchase. */
export const UNMATCHED_REASONS = {
  'return-anonymous': 'no customer, so no purchase to look for',
  'return-never-bought': 'the customer did not buy this before, as far as the file goes',
  'return-all-back': 'all that the customer bought of it was brought back before',
} as const;
export type UnmatchedReason = keyof typeof UNMATCHED_REASONS;

export type ReadRow = { readonly ok: true; readonly row: GoodRow } | RefusedRow;
export interface RefusedRow {
  readonly ok: false;
  readonly reason: RowReason;
}
