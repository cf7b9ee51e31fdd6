/** ISO 4217's "no currency": the rule set named none, so checkouts may come in any. */
export const ANY_CURRENCY = 'XXX';
