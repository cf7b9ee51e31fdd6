import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gate, HELD_MILLISECONDS_MAX, type Pass } from './gate.ts';

/** A lane that remembers what it was let through with. */
function laneOf(gate: Gate) {
  const passes: Pass[] = [];
  const lane = (pass: Pass): void => void passes.push(pass);
  return {
    passes,
    enter: () => gate.enter(lane),
    leave: (position: number) => {
      const pass = passes[position];
      if (pass) gate.leave(lane, pass);
    },
  };
}

describe('the gate of a client’s lanes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets lanes pass at once while it has room, and the next in their order', () => {
    const gate = new Gate(2);
    const [a, b, c, d] = [laneOf(gate), laneOf(gate), laneOf(gate), laneOf(gate)];
    for (const lane of [a, b, c, d]) lane.enter();
    expect([a, b, c, d].map(({ passes }) => passes.length)).toEqual([1, 1, 0, 0]);
    b.leave(0);
    expect([c.passes.length, d.passes.length, gate.waiting]).toEqual([1, 0, 1]);
  });

  it('keeps a lane back until its own envelope is answered, but not those behind it', () => {
    const gate = new Gate(2);
    const [a, b] = [laneOf(gate), laneOf(gate)];
    a.enter();
    a.enter();
    b.enter();
    expect([a.passes.length, b.passes.length]).toEqual([1, 1]);
    a.leave(0);
    expect(a.passes).toHaveLength(2);
  });

  it('gives the place of an envelope away that nobody answers', () => {
    const gate = new Gate(1);
    const [stuck, other] = [laneOf(gate), laneOf(gate)];
    stuck.enter();
    other.enter();
    vi.advanceTimersByTime(HELD_MILLISECONDS_MAX - 1);
    expect(other.passes).toHaveLength(0);
    vi.advanceTimersByTime(2);
    expect(other.passes).toHaveLength(1);
  });

  it('takes no place back twice when a late answer comes after all', () => {
    const gate = new Gate(1);
    const [late, other, third] = [laneOf(gate), laneOf(gate), laneOf(gate)];
    late.enter();
    other.enter();
    vi.advanceTimersByTime(HELD_MILLISECONDS_MAX + 1);
    third.enter();
    late.leave(0);
    expect([other.passes.length, third.passes.length]).toEqual([1, 0]);
    other.leave(0);
    expect(third.passes).toHaveLength(1);
  });
});
