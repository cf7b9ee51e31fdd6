import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { decode } from '../../core/rules/decode.ts';
import { validate } from '../../core/rules/validate.ts';
import { CITIES } from './coalition-cities.ts';
import { withPlaces } from './coalition-places.ts';

const text = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const coalition = text('./coalition.yaml');

interface Node {
  readonly group?: string;
  readonly promotion?: string;
  readonly type?: string;
  readonly mode?: string;
  readonly children?: readonly Node[];
}

function nodesOf(node: Node): Node[] {
  return [node, ...(node.children ?? []).flatMap(nodesOf)];
}

test('the places of the coalition are as the script writes them', () => {
  expect(withPlaces(coalition)).toBe(coalition);
});

test('the coalition spans 12 partners, 54 regions and several hundred stores', () => {
  const { places, partners } = parse(coalition) as {
    places: { id: string; kind: string }[];
    partners: unknown[];
  };
  const count = (kind: string) => places.filter((place) => place.kind === kind).length;
  expect(partners).toHaveLength(12);
  expect(CITIES).toHaveLength(54);
  expect([count('country'), count('zone'), count('region')]).toEqual([2, 4, 54]);
  expect(count('store')).toBeGreaterThan(400);
  expect(new Set(places.map(({ id }) => id)).size).toBe(places.length);
});

test('the coalition has all seven types of promotion and all four modes of arbitration', () => {
  const { arbitration } = parse(coalition) as { arbitration: Node };
  const nodes = nodesOf(arbitration);
  const promotions = nodes.filter(({ promotion }) => promotion !== undefined);
  expect(promotions.length).toBeGreaterThanOrEqual(40);
  expect(new Set(promotions.map(({ type }) => type)).size).toBe(7);
  const modes = nodes.flatMap(({ mode }) => mode ?? []);
  expect(new Set(modes)).toEqual(new Set(['sequential', 'exclusive', 'sum', 'max']));
});

test.each(['./coalition.yaml', './online-retail.yaml'])(
  '%s is valid, without a warning',
  (name) => {
    const decoded = decode(parse(text(name)));
    expect(decoded).toMatchObject({ ok: true, warnings: [] });
    if (!decoded.ok) return;
    expect(validate(decoded.value, 'closed')).toMatchObject({ ok: true, warnings: [] });
  },
);
