import { describe, expect, test } from 'vitest';
import {
  campaignAccess,
  EVERYWHERE,
  fitsScope,
  may,
  PERMISSIONS,
  ROLES,
  reaches,
} from './roles.ts';

describe('roles', () => {
  test('let nobody both write and approve rules', () => {
    for (const role of ROLES) {
      const both = may({ role }, 'rules.edit') && may({ role }, 'rules.approve');
      expect(both, role).toBe(false);
    }
  });

  test('let nobody who manages access change rules or points', () => {
    const changes = ['rules.edit', 'rules.approve', 'rules.apply', 'points.adjust'] as const;
    for (const change of changes) expect(may({ role: 'administrator' }, change)).toBe(false);
  });

  test('give each permission to somebody, and a viewer none that changes anything', () => {
    for (const permission of PERMISSIONS) {
      expect(
        ROLES.some((role) => may({ role }, permission)),
        permission,
      ).toBe(true);
    }
    const looks = /\.(read|try)$/;
    const changes = PERMISSIONS.filter((permission) => !looks.test(permission));
    expect(changes.filter((permission) => may({ role: 'viewer' }, permission))).toEqual([]);
  });
});

describe('the reach of an actor', () => {
  test('is all, or what is listed', () => {
    expect(reaches('all', 's-1')).toBe(true);
    expect(reaches(['s-1'], 's-1')).toBe(true);
    expect(reaches(['s-1'], 's-11')).toBe(false);
    expect(reaches([], 's-1')).toBe(false);
  });

  test('of some stores opens nothing of the whole programme', () => {
    const some = { scope: { stores: ['s-1'], partners: 'all' } } as const;
    const left = PERMISSIONS.filter((permission) => fitsScope(some, permission));
    const rules = ['rules.read', 'rules.edit', 'rules.apply'];
    expect(left).toEqual(['transactions.submit', 'quotes.ask', 'members.read', ...rules]);
    expect(PERMISSIONS.every((one) => fitsScope({ scope: EVERYWHERE }, one))).toBe(true);
  });

  // The five rows of areas and stores (semantics 001-16).
  test.each([
    [['a', 'b'], ['c'], 'none'],
    [['a', 'b'], ['b', 'c'], 'use'],
    [['a', 'b'], ['a', 'b'], 'edit'],
    [['a', 'b', 'c'], ['b'], 'edit'],
    [['a'], 'all', 'use'],
    [[], 'all', 'none'],
    ['all', 'all', 'edit'],
    ['all', ['a'], 'edit'],
  ] as const)('assigned to %j, a campaign of %j: %s', (assigned, campaign, access) => {
    expect(campaignAccess(assigned, campaign)).toBe(access);
  });
});
