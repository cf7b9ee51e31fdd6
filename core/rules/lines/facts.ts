import { FIELD_NAME, type LineFactDefinition } from '../conditions/definition.ts';
import type { LineFacts } from '../facts.ts';

type Simple = Pick<LineFactDefinition, 'name' | 'type' | 'summary'> & {
  readonly many?: boolean;
  readonly read: ReturnType<LineFactDefinition['reader']>;
};

function lineFact({ read, ...rest }: Simple): LineFactDefinition {
  return { parameter: undefined, many: false, cost: 1, ...rest, reader: () => read };
}

/** Every fact a line scope may name. A new kind is one entry. */
export const LINE_FACTS: readonly LineFactDefinition[] = [
  lineFact({
    name: 'sku',
    type: 'text',
    summary: 'the article number',
    read: ({ line }) => line.sku,
  }),
  lineFact({
    name: 'category',
    type: 'text',
    many: true,
    summary: 'the categories of the product',
    read: ({ line }) => line.category,
  }),
  lineFact({
    name: 'brand',
    type: 'text',
    summary: 'the brand of the product',
    read: ({ line }) => line.brand,
  }),
  lineFact({
    name: 'partner',
    type: 'text',
    summary: 'the partner that sells the line',
    read: ({ line }) => line.partner,
  }),
  lineFact({
    name: 'price',
    type: 'money',
    summary: 'the unit price before discounts',
    read: ({ line }) => line.price,
  }),
  lineFact({
    name: 'quantity',
    type: 'units',
    summary: 'the units of the line',
    read: ({ line }) => line.quantity,
  }),
  lineFact({
    name: 'total',
    type: 'money',
    summary: 'price times quantity before discounts',
    read: ({ line }) => line.gross,
  }),
  lineFact({
    name: 'flags',
    type: 'text',
    many: true,
    summary: 'the flags of the line',
    read: ({ line }) => line.flags,
  }),
  lineFact({
    name: 'discounted',
    type: 'flag',
    summary: 'true when an earlier promotion lowered the price of the line',
    read: isDiscounted,
  }),
  {
    name: 'fields.',
    parameter: FIELD_NAME,
    type: 'field',
    many: false,
    summary: 'a free attribute of the line',
    cost: 1,
    reader: (name) => (line) => line.line.fields.get(name),
  },
];

function isDiscounted({ line, net }: LineFacts): boolean {
  return net < line.gross;
}
