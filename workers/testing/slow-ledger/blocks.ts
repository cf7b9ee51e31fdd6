import type { Decision } from '../../../core/arbitration/decision.ts';
import type { SlowCounter } from './book.ts';
import type { Written } from './expected.ts';
import { type Document, type DocumentBlock, typeIn } from './programme.ts';

/** Blocks count in thousandths of the smallest coin. */
const THOUSANDTHS = 1_000;

/** What is wrong about how a checkout was charged to prepaid partners, or refused by them. */
export function blockProblem(
  ledger: {
    readonly counters: ReadonlyMap<string, SlowCounter>;
    readonly partitions: number;
    readonly documents: readonly Document[];
  },
  document: Document,
  about: { readonly written: Written; readonly decided: Decision | { readonly refused: string } },
): string | undefined {
  const { written, decided } = about;
  if (!('refused' in decided)) {
    const isBlock = ({ key }: { readonly key: string }): boolean => key.startsWith('block:');
    const told = decided.usage.filter(isBlock).map(({ key, units }) => `${key} ${units}`);
    const own = [...blockCosts(document, decided)].map(([key, units]) => `${key} ${units}`);
    const isSame = told.sort().join() === own.sort().join();
    return isSame ? undefined : `${written.id} costs ${told.join()} instead of ${own.join()}`;
  }
  if (decided.refused !== 'partner-block-exhausted') return undefined;
  const { counters, partitions, documents } = ledger;
  // A lower balance of a newer version counts, whatever version decides.
  const isPoor = documents
    .flatMap(({ partners }) => partners)
    .some(({ id, block }) => {
      const used = counters.get(`block:${id}`)?.units ?? 0;
      return block && block.balance * THOUSANDTHS - used < mostThatCosts(block, written);
    });
  // Of several partitions each sees only what it holds.
  return isPoor || partitions > 1 ? undefined : `a full block refuses ${written.id}`;
}

/** More points than the promotions of these tests give for it. */
function mostThatCosts({ perPoint }: DocumentBlock, { lines = [] }: Written): number {
  const gross = lines.reduce((sum, line) => {
    return sum + Number(line.quantity ?? 1) * Number(Object(line).price ?? 0);
  }, 0);
  return (gross / 20 + 100) * perPoint * THOUSANDTHS;
}

/** What each prepaid partner pays for the points that a checkout issues in its name. */
function blockCosts(document: Document, { accruals }: Decision): ReadonlyMap<string, number> {
  const costs = new Map<string, number>();
  for (const { id, block } of document.partners) {
    const mine = accruals.filter(({ issuer }) => issuer === id);
    if (!block || mine.length === 0) continue;
    const points = mine.map(({ type, points: steps }) => {
      return steps / 10 ** (typeIn(document, type)?.precision ?? 0);
    });
    const exact = points.reduce((sum, each) => sum + each * block.perPoint * THOUSANDTHS, 0);
    costs.set(`block:${id}`, Math.ceil(exact - 1e-6));
  }
  return costs;
}
