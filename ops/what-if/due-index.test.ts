import { expect, test } from 'vitest';
import { instant } from '../../core/money/units.ts';
import { DueIndex } from './due-index.ts';

test('who is due is found in the order of instants, then names', () => {
  const due = new DueIndex();
  const at = (hours: number) => instant(hours * 3_600_000);
  due.add({ member: 'b', dueAt: at(5) });
  due.add({ member: 'a', dueAt: at(5) });
  due.add({ member: 'c', dueAt: at(1.5) });
  due.add({ member: 'd', dueAt: at(1.25) });
  const copy = due.copy();
  due.remove({ member: 'c', dueAt: at(1.5) });
  expect(due.until(at(9), 9).map(({ member }) => member)).toEqual(['d', 'a', 'b']);
  expect(copy.until(at(4), 9).map(({ member }) => member)).toEqual(['d', 'c']);
  expect(copy.until(at(9), 3).map(({ member }) => member)).toEqual(['d', 'c', 'a']);
  due.remove({ member: 'd', dueAt: at(1.25) });
  expect(due.until(at(2), 9)).toEqual([]);
});
