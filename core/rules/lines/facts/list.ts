import type { LineFactDefinition } from '../../conditions/definition.ts';
import { brand } from './brand.ts';
import { category } from './category.ts';
import { discounted } from './discounted.ts';
import { fields } from './fields.ts';
import { flags } from './flags.ts';
import { partner } from './partner.ts';
import { price } from './price.ts';
import { quantity } from './quantity.ts';
import { sku } from './sku.ts';
import { total } from './total.ts';

/** Every fact a line scope may name. A new kind is its file and one line here. */
export const LINE_FACTS: readonly LineFactDefinition[] = [
  sku,
  category,
  brand,
  partner,
  price,
  quantity,
  total,
  flags,
  discounted,
  fields,
];
