import { expect, test } from 'vitest';
import type { ExitReason } from '../embedded/processes.ts';
import { type ServerEvent, type Supervisable, supervise } from './supervise.ts';

const KILLED: ExitReason = { code: null, signal: 'SIGKILL' };

/** Starts servers that die when told to, on the port they are asked for. */
class Starter {
  readonly ports: number[] = [];
  readonly events: ServerEvent[] = [];
  readonly dying: ((reason: ExitReason) => void)[] = [];
  failures = 0;

  readonly start = async (port: number): Promise<Supervisable> => {
    this.ports.push(port);
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('the port is taken');
    }
    const { promise: exited, resolve } = Promise.withResolvers<ExitReason>();
    this.dying.push(resolve);
    return {
      url: `nats://127.0.0.1:${port || 4_111}`,
      pid: this.ports.length,
      exited,
      stop: async () => resolve({ code: 0, signal: null }),
    };
  };

  supervise() {
    const onEvent = (event: ServerEvent) => void this.events.push(event);
    return supervise({ server: 'nats-server', port: 0, start: this.start, onEvent });
  }
}

test('a server that dies is started again on the port it had', async () => {
  const starter = new Starter();
  const server = await starter.supervise();
  expect(server.url).toBe('nats://127.0.0.1:4111');

  starter.dying[0]?.(KILLED);
  await expect
    .poll(() => starter.events.map(({ kind }) => kind))
    .toEqual(['died', 'started-again']);
  expect(starter.ports).toEqual([0, 4_111]);
  expect(server.pid).toBe(2);
  await server.stop();
});

test('a start that fails is repeated until it works', async () => {
  const starter = new Starter();
  const server = await starter.supervise();
  starter.failures = 2;
  starter.dying[0]?.(KILLED);
  await expect
    .poll(() => starter.events.map(({ kind }) => kind))
    .toEqual(['died', 'start-failed', 'start-failed', 'started-again']);
  await server.stop();
});

test('the first start is not repeated: whoever asked learns why it failed', async () => {
  const starter = new Starter();
  starter.failures = 1;
  await expect(starter.supervise()).rejects.toThrow('the port is taken');
});

test('a server that is stopped stays stopped', async () => {
  const starter = new Starter();
  const server = await starter.supervise();
  await server.stop();
  expect(starter.ports).toEqual([0]);
  expect(starter.events).toEqual([]);
});
