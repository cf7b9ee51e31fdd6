/** An independent checker: it imports nothing of the engine, and recomputes what is explained. */

type List<T> = readonly T[];
type Numbers = List<number>;
type Award = { promotion: string; benefit: string; index: number };
type Effect = Award & Record<'requested' | 'applied', Numbers>;
type Part = { promotion: string } & Record<'index' | 'slot' | 'before' | 'after', number>;
type Cap = { kind: string; per: string; amount?: number; percent?: number };
type Limit = Partial<Record<'base' | 'used' | 'price' | 'floor', number> & { cap: Cap }>;
type Cut = { limit: Limit & { kind: string }; allowed: number; total: number; parts: List<Part> };
type Payments = { paymentCuts: List<Cut & { of: string | undefined }> };
type Told = Record<'weights' | 'shares' | 'residual', Numbers>;
type Split = Told & { of: string; strategy: string; total: number };
type Limits = { cuts: List<Cut>; splits: List<Split>; effects: List<Effect> };
type Node = Limits & { kind: string; id: string; mode?: string; input: Numbers } & Below;
type Below = { children: List<Node> };
type Shared = { promotion: string | undefined; type: string; points: number };
type Paid = { amount: number; asDiscount: boolean; amountShares: Numbers; pointShares: Numbers };
type Points = { redemptions: List<Shared & Paid>; accruals: List<Shared & { shares: Numbers }> };
type Tree = { levels: List<{ level: string; root: Node }>; splits: List<Split> };
type Line = Record<'gross' | 'net' | 'discount' | 'paidWithPoints', number>;

/** What is read of an explained outcome. */
export interface Explained {
  readonly totals: Readonly<Record<string, number>>;
  readonly lines: List<Line & { awards: List<{ promotion: string; applied: number }> }>;
  readonly explanation: Tree & Payments & Points & Record<'opening' | 'closing', Numbers>;
}

/** What it is about, what the explanation tells, and what comes out when it is computed. */
type Check = readonly [what: string, told: number | undefined, computed: number | undefined];

const add = (numbers: Numbers) => numbers.reduce((sum, number) => sum + number, 0);
const minus = (prices: Numbers, effects: List<Effect>) =>
  prices.map((price, slot) => price - add(effects.map(({ applied }) => applied[slot] ?? 0)));
const each = (what: string, told: Numbers, computed: Numbers): List<Check> =>
  told.map((number, at) => [`${what} ${at}`, number, computed[at]]);

/** Everything that does not add up; an empty list when all does. */
export function recompute(outcome: Explained): readonly string[] {
  const { lines, totals, explanation } = outcome;
  const { opening, levels, closing, redemptions, accruals, splits } = explanation;
  const checks: Check[] = [];
  let prices = opening;
  for (const { level, root } of levels) {
    checks.push(...each(`input of ${level}`, root.input, prices), ...checkNode(root, level));
    prices = minus(prices, root.effects);
  }
  const isRounded = levels.some(({ root }) => root.effects.some((one) => one.benefit === 'round'));
  if (!isRounded) checks.push(...each('closing price', closing, prices));
  const paid = redemptions.filter((one) => !one.asDiscount);
  lines.forEach(({ net, discount, gross, awards, paidWithPoints }, slot) => {
    checks.push(['net', net, closing[slot]], ['gross', gross, net + discount]);
    checks.push(['discount of a line', discount, add(awards.map((one) => one.applied))]);
    const shares = paid.map(({ amountShares }) => amountShares[slot] ?? 0);
    checks.push(['paid of a line', paidWithPoints, add(shares)]);
  });
  const [gross, goods] = [add(opening.slice(0, -1)), add(closing.slice(0, -1))];
  checks.push(['gross', totals['gross'], gross], ['discount', totals['discount'], gross - goods]);
  const paidWithPoints = add(lines.map((line) => line.paidWithPoints));
  checks.push(['payable', totals['payable'], add(closing) - paidWithPoints]);
  for (const cut of explanation.paymentCuts) {
    const own = cut.of === undefined ? paid.find((one) => !one.promotion) : undefined;
    checks.push(['payment', Math.max(own?.amount ?? 0, cut.allowed), cut.allowed]);
    checks.push(...checkCut(cut, []));
  }
  for (const { points, amount, pointShares, amountShares } of redemptions) {
    checks.push(['points', points, add(pointShares)], ['amount', amount, add(amountShares)]);
  }
  // A trigger has no lines that its points could belong to.
  for (const { promotion, points, shares } of lines.length === 0 ? [] : accruals) {
    checks.push([`points of ${promotion}`, points, add(shares)]);
  }
  checks.push(...splits.flatMap(checkSplit));
  const wrong = checks.filter(([, told, computed]) => told !== computed);
  return wrong.map(([what, told, computed]) => `${what}: told ${told}, computed ${computed}`);
}

/** A node does what its children did, less what its limits cut, at prices that its mode says. */
function checkNode(node: Node, above: string): List<Check> {
  const { kind, mode, children, cuts, splits, effects, input } = node;
  const checks = cuts.flatMap((cut) => checkCut(cut, input)).concat(splits.flatMap(checkSplit));
  const below = children.flatMap((child) => child.effects);
  for (const { promotion, index, requested, applied } of effects) {
    const isIt = (one: Part | Effect) => one.promotion === promotion && one.index === index;
    const own = cuts.flatMap(({ parts }) => parts.filter(isIt));
    const asked = kind === 'promotion' ? [requested] : below.filter(isIt).map((one) => one.applied);
    applied.forEach((amount, slot) => {
      const lost = own.map((one) => (one.slot === slot ? one.before - one.after : 0));
      const kept = add(asked.map((amounts) => amounts[slot] ?? 0)) - add(lost);
      // Maximum benefit builds anew, and an exclusive group keeps a line of one child only.
      const isOut = mode === 'max' || (mode === 'exclusive' && amount === 0);
      const told = isOut ? Math.min(amount, requested[slot] ?? 0) : kept;
      checks.push([`${promotion} in slot ${slot}`, amount, told]);
    });
  }
  const falls = minus(input, effects).map((price) => Math.min(price, 0));
  checks.push(['prices below zero', add(falls), 0]);
  let prices = input;
  for (const child of children) {
    const found = mode === 'sequential' ? prices : input;
    checks.push(...each(`input of ${child.id}`, child.input, found));
    prices = minus(prices, child.effects);
    checks.push(...checkNode(child, node.id));
  }
  return checks.map(([what, told, computed]) => [`${above}/${node.id}: ${what}`, told, computed]);
}

/** A limit leaves what it allows: no less, and no more unless nothing was left to take. */
function checkCut({ limit, allowed, total, parts }: Cut, input: Numbers): List<Check> {
  const { kind, cap, base = 0, used = 0, price = 0, floor = 0 } = limit;
  const taken = add(parts.map(({ before, after }) => before - after));
  const excess = total - Math.max(0, allowed);
  const isAll = parts.every(({ after }) => after === 0);
  const takes: Check = [`${kind} takes`, taken, isAll ? Math.min(taken, excess) : excess];
  const room = Math.max(0, price - floor);
  if (kind === 'min-price') return [takes, ['room', allowed, Math.min(allowed, room)]];
  if (cap === undefined) return [takes];
  const found = cap.per === 'order' ? add(input.slice(0, -1)) : input[parts[0]?.slot ?? 0];
  const percent = Number((BigInt(base) * BigInt(cap.percent ?? 0)) / 1_000_000n);
  const most = (cap.amount ?? percent) - used;
  return [takes, ['base', base - used, found], ['maximum discount', allowed, most]];
}

/** Shares are what the strategy makes of total and weights, to the last cent. */
function checkSplit({ of, strategy, total, weights, shares, residual }: Split): List<Check> {
  const whole = BigInt(add(weights));
  const half = { 'half-down-first': whole - 1n, 'half-up-last': whole }[strategy] ?? 0n;
  const product = (weight: number) => 2n * BigInt(total) * BigInt(weight);
  const rounded = weights.map((weight) => Number((product(weight) + half) / (2n * whole)));
  const sums = weights.map((_, at) =>
    Number((product(add(weights.slice(0, at + 1))) + whole) / (2n * whole)),
  );
  const made =
    strategy === 'cumulative' ? sums.map((sum, at) => sum - (sums[at - 1] ?? 0)) : [...rounded];
  const cut = (at: number) => product(weights[at] ?? 0) % (2n * whole);
  const places = [...weights.keys()].filter((at) => (weights[at] ?? 0) > 0);
  if (strategy === 'largest-remainder') places.sort((a, b) => Number(cut(b) - cut(a)) || a - b);
  const toLast = strategy.endsWith('last');
  if (toLast) places.reverse();
  for (let at = 0, rest = total - add(made); rest !== 0; at = (at + 1) % places.length) {
    const slot = places[at] ?? 0;
    const given = Math.max(toLast ? rest : Math.sign(rest), -(made[slot] ?? 0));
    made[slot] = (made[slot] ?? 0) + given;
    rest -= given;
  }
  const beyond = made.map((share, at) => share - (rounded[at] ?? 0));
  return [...each(`share of ${of}`, shares, made), ...each(`residue of ${of}`, residual, beyond)];
}
