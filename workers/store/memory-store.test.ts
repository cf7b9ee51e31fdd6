import { MemoryStore } from './memory-store.ts';
import { partitionStoreSuite } from './partition-store.suite.ts';

partitionStoreSuite({
  open: () => new MemoryStore(0, 1),
  reopen: { skipped: 'memory is gone when its owner is; the simulation keeps the object instead' },
});
