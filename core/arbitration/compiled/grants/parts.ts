import { moneyOf } from '../../../rules/benefits/portion.ts';
import type { Effect } from '../../interpret/state.ts';
import type { Session } from '../session.ts';

/** Of an amount in each slot, the part that a benefit acts on. */
export function partsOf(
  lines: Session['at']['lines'],
  { benefit, units }: Effect,
  amounts: readonly number[],
): readonly number[] {
  const parts = new Array<number>(lines.length + 1);
  for (let slot = 0; slot < lines.length; slot += 1) {
    const selected = benefit.target === 'delivery' ? 0 : (units[slot] ?? 0);
    const quantity = lines[slot]?.quantity ?? 0;
    const net = amounts[slot] ?? 0;
    const isWhole = selected === quantity && selected !== 0;
    if (isWhole) parts[slot] = net;
    else parts[slot] = selected === 0 ? 0 : moneyOf({ net, units: selected, quantity });
  }
  parts[lines.length] = benefit.target === 'lines' ? 0 : (amounts[lines.length] ?? 0);
  return parts;
}
