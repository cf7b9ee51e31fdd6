import { describe, expect, test } from 'vitest';
import { isTokenName, permissionsOf } from './permissions.ts';
import { serverConfiguration } from './server-configuration.ts';

const KEY = `U${'A'.repeat(55)}`;
const server = {
  host: '127.0.0.1',
  port: 4222,
  storeFolder: '/var/lib/nats',
  partitions: 16,
  identities: [],
  certificates: undefined,
};

describe('the permissions of a till', () => {
  const { publish, subscribe } = permissionsOf({ role: 'till', name: 'almaty-12' });

  test('name its store in every subject', () => {
    for (const subject of [...publish, ...subscribe]) expect(subject).toContain('almaty-12');
  });

  test('open nothing of the server', () => {
    for (const subject of [...publish, ...subscribe]) expect(subject).not.toMatch(/^(\$|>|\*)/);
  });
});

test('nobody may use the system account, and nobody everything', () => {
  for (const role of ['service', 'operator', 'till'] as const) {
    const { publish, subscribe } = permissionsOf({ role, name: 's' });
    for (const subject of [...publish, ...subscribe]) {
      expect(subject).not.toBe('>');
      expect(subject).not.toMatch(/^\$SYS/);
    }
  }
});

test.each(['', 'a.b', 'a b', '*', '>', 'a"]', 'ä', 'a\nb', 'x'.repeat(65)])(
  'a store cannot be called `%s` on NATS',
  (name) => {
    expect(isTokenName(name)).toBe(false);
    const identities = [{ name, role: 'till', publicKey: KEY }] as const;
    expect(() => serverConfiguration({ ...server, identities })).toThrow('could change');
  },
);

test('users are inside accounts only', () => {
  const identities = [{ name: 'processor', role: 'service', publicKey: KEY }] as const;
  const text = serverConfiguration({ ...server, identities });
  expect(text).not.toContain('authorization {');
  expect(text.indexOf(KEY)).toBeGreaterThan(text.indexOf('accounts {'));
});
