import { expect, test } from 'vitest';
import { ProgressLine, renderProgress } from './progress.ts';

const HALF = { bytes: 200, bytesRead: 100, rows: 1_234, transactions: 500, milliseconds: 2_000 };

test('progress is one line with the share, the counts, the rate and the time to go', () => {
  expect(renderProgress(HALF)).toBe(
    '████████████░░░░░░░░░░░░  50 %  1,234 rows  500 transactions  250/s  0:02 to go',
  );
});

test('an empty file is done at once', () => {
  const nothing = { bytes: 0, bytesRead: 0, rows: 0, transactions: 0, milliseconds: 0 };
  expect(renderProgress(nothing)).toContain('100 %  0 rows');
});

test('a terminal is redrawn in place, anything else gets a line every five seconds', () => {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  const terminal = new ProgressLine({ isTTY: true, write });
  terminal.update(HALF);
  terminal.update({ ...HALF, milliseconds: 2_050 });
  terminal.update({ ...HALF, milliseconds: 2_100 });
  expect(written.map((text) => text.slice(0, 5))).toEqual(['\r\u001b[2K', '\r\u001b[2K']);

  written.length = 0;
  const plain = new ProgressLine({ write });
  plain.update(HALF);
  plain.update({ ...HALF, milliseconds: 6_999 });
  plain.update({ ...HALF, milliseconds: 7_000 });
  plain.finish({ ...HALF, milliseconds: 7_001 });
  expect(written).toHaveLength(3);
  expect(written.every((text) => text.endsWith('\n'))).toBe(true);
});
