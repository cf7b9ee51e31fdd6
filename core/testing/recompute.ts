/**
 * An independent checker: it imports nothing of the engine, and recomputes every total of an
 * explained outcome from its explanation. A difference is told in one sentence.
 */

interface Effect {
  readonly promotion: string;
  readonly benefit: string;
  readonly requested: readonly number[];
  readonly applied: readonly number[];
}

interface Node {
  readonly kind: string;
  readonly id: string;
  readonly mode?: string;
  readonly input: readonly number[];
  readonly effects: readonly Effect[];
  readonly children: readonly Node[];
}

interface Shared {
  readonly promotion: string | undefined;
  readonly type: string;
  readonly points: number;
}

/** What is read of an explained outcome. */
export interface Explained {
  readonly totals: Readonly<Record<string, number>>;
  readonly lines: readonly {
    readonly gross: number;
    readonly net: number;
    readonly discount: number;
    readonly paidWithPoints: number;
    readonly awards: readonly { readonly promotion: string; readonly applied: number }[];
  }[];
  readonly points?: readonly { readonly type: string; readonly accrued: number }[];
  readonly explanation: {
    readonly opening: readonly number[];
    readonly levels: readonly { readonly level: string; readonly root: Node }[];
    readonly closing: readonly number[];
    readonly redemptions: readonly (Shared & {
      readonly amount: number;
      readonly asDiscount: boolean;
      readonly amountShares: readonly number[];
      readonly pointShares: readonly number[];
    })[];
    readonly accruals: readonly (Shared & { readonly shares: readonly number[] })[];
    readonly isCut: boolean;
  };
}

const add = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
const minus = (prices: readonly number[], effects: readonly Effect[]) =>
  prices.map((price, slot) => price - add(effects.map(({ applied }) => applied[slot] ?? 0)));

/** Everything that does not add up; an empty list when all does. */
export function recompute(outcome: Explained): readonly string[] {
  const { explanation, lines, totals } = outcome;
  const wrong: string[] = [];
  const check = (what: string, told: number | undefined, computed: number) => {
    if (told !== computed) wrong.push(`${what}: told ${told}, computed ${computed}`);
  };
  const { opening, levels, closing, redemptions, accruals } = explanation;
  let prices = opening;
  for (const { level, root } of levels) {
    root.input.forEach((price, slot) => {
      check(`${level} input ${slot}`, price, prices[slot] ?? 0);
    });
    checkNode(root, `${level}/${root.id}`, wrong);
    prices = minus(prices, root.effects);
  }
  const isRounded = levels.some(({ root }) => root.effects.some((one) => one.benefit === 'round'));
  closing.forEach((price, slot) => {
    if (!isRounded) check(`closing price ${slot}`, price, prices[slot] ?? 0);
  });
  lines.forEach((line, slot) => {
    check(`net of line ${slot}`, line.net, closing[slot] ?? 0);
    check(`discount of line ${slot}`, line.discount, add(line.awards.map((one) => one.applied)));
    check(`gross of line ${slot}`, line.gross, line.net + line.discount);
    const paid = redemptions.filter((one) => !one.asDiscount);
    const shares = paid.map(({ amountShares }) => amountShares[slot] ?? 0);
    check(`paid of line ${slot}`, line.paidWithPoints, add(shares));
  });
  const goods = closing.slice(0, -1);
  check('gross', totals['gross'], add(opening.slice(0, -1)));
  check('discount', totals['discount'], add(opening.slice(0, -1)) - add(goods));
  const paidWithPoints = add(lines.map((line) => line.paidWithPoints));
  check('payable', totals['payable'], add(closing) - paidWithPoints);
  for (const { promotion, points, amount, pointShares, amountShares } of redemptions) {
    check(`points of ${promotion ?? 'the wish'}`, points, add(pointShares));
    check(`amount of ${promotion ?? 'the wish'}`, amount, add(amountShares));
  }
  for (const { promotion, points, shares } of accruals) {
    // An event has no lines that could have shares.
    if (lines.length > 0) check(`points of ${promotion}`, points, add(shares));
  }
  return wrong;
}

/** A node does no more than its children did, and each child found what its mode says. */
function checkNode(node: Node, path: string, wrong: string[]): void {
  for (const { promotion, requested, applied } of node.effects) {
    applied.forEach((amount, slot) => {
      if (amount > (requested[slot] ?? 0)) wrong.push(`${path}: ${promotion} gives too much`);
    });
  }
  if (minus(node.input, node.effects).some((price) => price < 0)) {
    wrong.push(`${path}: a price falls below zero`);
  }
  if (node.kind === 'promotion') return;
  let prices = node.input;
  for (const child of node.children) {
    const found = node.mode === 'sequential' ? prices : node.input;
    if (child.input.some((price, slot) => price !== found[slot])) {
      wrong.push(`${path}/${child.id}: found other prices than its place says`);
    }
    prices = minus(prices, child.effects);
    checkNode(child, `${path}/${child.id}`, wrong);
  }
}
