import { quoted } from '../diagnostic.ts';
import { id, text, word } from '../shape/scalars.ts';
import { type Cursor, isPlainObject, mapped, named, report, type Shape } from '../shape/shape.ts';
import { type Decoded, defaulted, list, optional, record, required } from '../shape/structures.ts';
import { type DocumentNodeLimits, nodeLimits } from './limits.ts';
import { type DocumentPromotion, promotion } from './promotion.ts';

/** Promotions and groups directly below one node. */
const CHILDREN_MAX = 20_000;

export interface DocumentGroup extends Decoded<typeof GROUP> {
  readonly kind: 'group';
  readonly id: string;
  readonly path: string;
  readonly children: readonly DocumentNode[];
}

export type DocumentNode = DocumentGroup | DocumentPromotion;

const GROUP = {
  title: optional(text(), 'what people call it; no effect'),
  description: optional(text(), 'no effect'),
  state: defaulted(
    word(['active', 'inactive', 'archived']),
    'active',
    'an inactive group switches off everything below it',
  ),
  mode: defaulted(
    word(['sequential', 'exclusive', 'sum', 'max']),
    'sequential',
    'consistent application, incompatibility, summation, maximum benefit',
  ),
  scope: defaulted(word(['order', 'line']), 'order', 'of max: decide for the order or each line'),
  combine: defaulted(
    word(['any', 'none']),
    'any',
    'of max: may candidates be built from several children?',
  ),
  orderBy: defaulted(
    word(['priority', 'position', 'requested', 'hierarchy']),
    'priority',
    'who goes first: the higher priority, the place in the file, the code presented first, ' +
      'or the category with the lower hierarchy and then the code presented first',
  ),
  decides: defaulted(
    word(['per-level', 'across-levels']),
    'per-level',
    'of exclusive: once per level, or once for both',
  ),
  limits: optional<DocumentNodeLimits>(nodeLimits, 'applied to the result of the node'),
};

const node: Shape<DocumentNode> = named('node', () => ({
  decode: (value, at) => {
    const keys = isPlainObject(value) ? Object.keys(value) : [];
    const [isGroup, isPromotion] = [keys.includes('group'), keys.includes('promotion')];
    if (isGroup !== isPromotion) return (isGroup ? group : promotion).decode(value, at);
    return report(at, {
      code: 'wrong-type',
      message: `${quoted(value)} is neither a group nor a promotion`,
      hint: 'name it: `group: NAME` or `promotion: NAME`',
    });
  },
  schema: (definitions) => ({
    anyOf: [group.schema(definitions), promotionNamed.schema(definitions)],
  }),
}));
const promotionNamed = named('promotion', () => promotion);

const children = list(node, { max: CHILDREN_MAX });
const CHILDREN = { children: defaulted(children, [], 'what the node decides about, in order') };

const groupRecord = record({ group: required(id, 'the name of the group'), ...GROUP, ...CHILDREN });
const group: Shape<DocumentGroup> = named('group', () =>
  mapped(groupRecord, ({ group: name, ...rest }, at: Cursor) => ({
    ...rest,
    kind: 'group' as const,
    id: name,
    path: at.path,
  })),
);

const mainRecord = record({ group: defaulted(id, 'main', 'always `main`'), ...GROUP, ...CHILDREN });
/** Main arbitration: the root of the tree. */
export const arbitration: Shape<DocumentGroup> = mapped(
  mainRecord,
  ({ group: name, ...rest }, at) => ({
    ...rest,
    kind: 'group' as const,
    id: name,
    path: at.path,
  }),
);
