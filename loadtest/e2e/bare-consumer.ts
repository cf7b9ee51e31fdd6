/**
 * `node bare-consumer.ts <nats url> <heads as JSON>`: reads the partitions' streams behind these
 * sequences with the client library's own consumers, acknowledges each message, does nothing else
 * and prints its rate. What any consumer written with the library could reach at most.
 */
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from 'nats';
import { headsOf, total } from './backlog.ts';

const CONSUMER = 'bare';
/** Messages that each partition's consumer asks for ahead; as many as the processor does. */
const AHEAD_MAX = 512;
const ACK_PENDING_MAX = 65_536;

const [url = '', heads = '[]'] = process.argv.slice(2);
const from: number[] = JSON.parse(heads);
const connection = await connect({ servers: url, name: 'bench-bare-consumer' });
const manager = await jetstreamManager(connection);
const expected = total(await headsOf(connection, from.length)) - total(from);
const stream = jetstream(connection);

let first = 0;
let firstCpu = process.cpuUsage();
let received = 0;
const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
for (const [partition, head] of from.entries()) {
  await manager.consumers.add(`TX-${partition}`, {
    durable_name: CONSUMER,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: head + 1,
    max_ack_pending: ACK_PENDING_MAX,
    // As the processor's: neither has the server write files for it.
    mem_storage: true,
  });
}
for (const partition of from.keys()) {
  const consumer = await stream.consumers.get(`TX-${partition}`, CONSUMER);
  await consumer.consume({
    max_messages: AHEAD_MAX,
    callback: (message) => {
      if (received === 0) {
        first = performance.now();
        firstCpu = process.cpuUsage();
      }
      message.ack();
      received += 1;
      if (received === expected) finish();
    },
  });
}
await finished;
await connection.flush();
const seconds = (performance.now() - first) / 1_000;
const { user, system } = process.cpuUsage(firstCpu);
for (const partition of from.keys()) await manager.consumers.delete(`TX-${partition}`, CONSUMER);
await connection.close();
console.log(JSON.stringify({ messages: received, seconds, cpu: (user + system) / 1_000_000 }));
