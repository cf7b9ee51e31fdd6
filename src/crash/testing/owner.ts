import { connectNats } from '../../nats/connection.ts';
import { createLogger } from '../../observe/logger.ts';
import { createMetrics } from '../../observe/metrics.ts';
import { Processor } from '../../processor/processor.ts';

/**
 * A processor in a process of its own that owns some partitions of a deployment, and keeps them in
 * a store of its own: `node owner.ts NATS_URL STORE PARTITIONS OWNED…`. It says `runs` when it does.
 */
const [natsUrl = '', storePath = '', partitions = '', ...owned] = process.argv.slice(2);

const connection = await connectNats({ servers: [natsUrl], name: `owner of ${owned}` });
const processor = await Processor.start({
  connection,
  storePath,
  partitions: Number(partitions),
  owned: owned.map(Number),
  threads: owned.length,
  mapBytes: 2 ** 30,
  freeBytes: 2 ** 20,
  replicas: 1,
  tickSeconds: 1,
  logger: createLogger({ level: 'error' }),
  metrics: createMetrics(),
});
process.stdout.write('runs\n');

process.once('SIGTERM', async () => {
  await processor.stop();
  await connection.close();
});
