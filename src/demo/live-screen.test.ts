import { expect, test } from 'vitest';
import { LiveScreen } from './live-screen.ts';
import { Meter } from './meter.ts';
import type { DemoStatus } from './status.ts';

const STATUS: DemoStatus = {
  programme: 'silk-road',
  uptimeSeconds: 1,
  targetPerSecond: 500,
  behind: 0,
  inFlight: 0,
  measured: new Meter().read(1),
  streamLag: 0,
  sinkLag: 0,
  trouble: undefined,
};

function screenOf(isTTY: boolean, columns = 120) {
  const written: string[] = [];
  const screen = new LiveScreen({ isTTY, columns, write: (text) => written.push(text) });
  return { screen, written };
}

test('a terminal is redrawn in place: up by as many lines as were drawn', () => {
  const { screen, written } = screenOf(true);
  screen.show(STATUS);
  screen.show({ ...STATUS, trouble: 'none really' });
  screen.show(STATUS);
  expect(written.map((text) => text.split('\r')[0])).toEqual(['', '\u001b[6A', '\u001b[7A']);
});

test('no line is as wide as the terminal, so that none is wrapped', () => {
  const { screen, written } = screenOf(true, 40);
  screen.show({ ...STATUS, trouble: 'x'.repeat(200) });
  for (const line of written.join('').split('\n')) {
    expect([...line.replaceAll('\u001b[2K', '').replace('\r', '')].length).toBeLessThan(45);
  }
});

test('what is printed stays above the status', () => {
  const { screen, written } = screenOf(true);
  screen.show(STATUS);
  screen.print('hello');
  screen.show(STATUS);
  expect(written.at(-1)?.startsWith('\r')).toBe(true);
});

test('a pipe gets a line now and then', () => {
  const { screen, written } = screenOf(false);
  for (let index = 0; index < 25; index += 1) screen.show(STATUS);
  expect(written).toHaveLength(3);
  expect(written.join('')).not.toContain('\u001b');
});
