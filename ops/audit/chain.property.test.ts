import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AuditEvent,
  type AuditRow,
  type ChainHead,
  EMPTY_CHAIN,
  nextRow,
  verifyChain,
} from './chain.ts';

const events: fc.Arbitrary<AuditEvent> = fc.record({
  at: fc.nat(),
  actor: fc.string(),
  action: fc.constantFrom('tokens.create', 'tokens.revoke', 'rules.apply'),
  object: fc.string(),
  outcome: fc.constantFrom('done', 'refused'),
  detail: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
});

function chainOf(list: readonly AuditEvent[]): { rows: AuditRow[]; head: ChainHead } {
  const rows: AuditRow[] = [];
  let head: ChainHead = EMPTY_CHAIN;
  for (const event of list) {
    const row = nextRow(head, event);
    rows.push(row);
    head = { sequence: row.sequence, hash: row.hash };
  }
  return { rows, head };
}

describe('the audit chain', () => {
  test('verifies as it was written', () => {
    fc.assert(
      fc.property(fc.array(events), (list) => {
        const { rows, head } = chainOf(list);
        expect(verifyChain(rows, head)).toEqual({ ok: true, rows: list.length });
      }),
    );
  });

  test('does not care for the order in which details were named', () => {
    const event = { at: 1, actor: 'a', action: 'x', object: 'o', outcome: 'done' } as const;
    const one = nextRow(EMPTY_CHAIN, { ...event, detail: { a: 1, b: 2 } });
    const two = nextRow(EMPTY_CHAIN, { ...event, detail: { b: 2, a: 1 } });
    expect(one.hash).toBe(two.hash);
  });

  test('tells the first row that was changed, removed, moved or added', () => {
    const damages = fc.constantFrom('change', 'remove', 'swap', 'repeat', 'cut');
    fc.assert(
      fc.property(fc.array(events, { minLength: 2 }), fc.nat(), damages, (list, seed, damage) => {
        const { rows, head } = chainOf(list);
        const at = seed % (rows.length - 1);
        const damaged = damagedBy(damage, rows, at);
        const verdict = verifyChain(damaged, head);
        expect(verdict).toMatchObject({ ok: false });
        if (damage === 'change') expect(verdict).toMatchObject({ sequence: at + 1 });
      }),
    );
  });
});

function damagedBy(damage: string, rows: readonly AuditRow[], at: number): readonly AuditRow[] {
  switch (damage) {
    case 'change':
      return rows.map((row, index) => (index === at ? { ...row, actor: `${row.actor}!` } : row));
    case 'remove':
      return rows.filter((_, index) => index !== at);
    case 'swap':
      return [...rows.slice(0, at), ...rows.slice(at, at + 2).toReversed(), ...rows.slice(at + 2)];
    case 'repeat':
      return [...rows.slice(0, at + 1), ...rows.slice(at)];
    default:
      return rows.slice(0, -1);
  }
}
