import { defineConfig } from 'vitest/config';
import { ClosingLine } from './.ci/closing-line.ts';

/** Tests that need a real server, a real LMDB folder or a process of their own. */
const NEEDS_PARTS = ['**/*.{lmdb,nats,clickhouse,e2e,crash}.test.ts'];
const OUTSIDE = ['**/node_modules/**', 'data/**'];

export default defineConfig({
  test: {
    // The bar of CI: a rare slow machine must not fail a test that would pass.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ['default', new ClosingLine()],
    setupFiles: ['./.ci/property-seed.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...OUTSIDE, ...NEEDS_PARTS],
          pool: 'threads',
          // The modules keep no state between files, so a worker loads each of them once.
          isolate: false,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'parts',
          include: NEEDS_PARTS,
          exclude: OUTSIDE,
          pool: 'forks',
          // Servers and their load share two cores: after the unit tests, one file at a time.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
