import { ZenEngine } from '@gorules/zen-engine';
import { Engine } from 'json-rules-engine';

/**
 * The same promotions in two engines for general rules. They only find out which promotions
 * apply; nobody there computes a price, so the comparison favours them.
 */

/** One promotion as every contestant gets it. */
export interface PlainPromotion {
  readonly id: string;
  readonly sku: string;
  readonly atLeast: number;
  readonly percent: number;
}

/** What the peers may look at. */
export interface PlainFacts {
  readonly skus: readonly string[];
  readonly total: number;
}

/** Tells which promotions apply. */
export type Eligible = (facts: PlainFacts) => Promise<readonly string[]>;

export function zenEngine(promotions: readonly PlainPromotion[]): Eligible {
  const at = { x: 0, y: 0 };
  const rules = promotions.map(({ id, sku, atLeast }) => ({
    _id: id,
    sku: `some(skus, # == "${sku}")`,
    total: `>= ${atLeast}`,
    promotion: `"${id}"`,
  }));
  const content = {
    hitPolicy: 'collect',
    inputs: [
      { id: 'sku', name: 'skus', field: '' },
      { id: 'total', name: 'total', field: 'total' },
    ],
    outputs: [{ id: 'promotion', name: 'promotion', field: 'promotion' }],
    rules,
  };
  const nodes = [
    { id: 'in', type: 'inputNode', name: 'in', position: at },
    { id: 'table', type: 'decisionTableNode', name: 'table', position: at, content },
    { id: 'out', type: 'outputNode', name: 'out', position: at },
  ];
  const edges = [
    { id: 'a', sourceId: 'in', targetId: 'table', type: 'edge' },
    { id: 'b', sourceId: 'table', targetId: 'out', type: 'edge' },
  ];
  const decision = new ZenEngine().createDecision(Buffer.from(JSON.stringify({ nodes, edges })));
  return async (facts) => {
    const { result } = await decision.evaluate(facts);
    const rows: readonly { promotion: string }[] = result;
    return rows.map(({ promotion }) => promotion);
  };
}

export function jsonRulesEngine(promotions: readonly PlainPromotion[]): Eligible {
  const engine = new Engine();
  for (const { id, sku, atLeast } of promotions) {
    engine.addRule({
      conditions: {
        all: [
          { fact: 'skus', operator: 'contains', value: sku },
          { fact: 'total', operator: 'greaterThanInclusive', value: atLeast },
        ],
      },
      event: { type: id },
    });
  }
  return async ({ skus, total }) => {
    const { events } = await engine.run({ skus, total });
    return events.map(({ type }) => type);
  };
}
