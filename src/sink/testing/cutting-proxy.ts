import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly url: string;
  /** Lets the next `count` inserts through and cuts the connection instead of their answers. */
  loseAnswers(count: number): void;
  stop(): Promise<void>;
}

/** A TCP proxy in front of ClickHouse that can lose answers, as a network does. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let toLose = 0;

  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    let isInsert = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => {
      if (bytes.includes('INSERT')) isInsert = true;
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (isInsert && toLose > 0) {
        toLose -= 1;
        near.destroy();
        return;
      }
      isInsert = false;
      near.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a port was asked for');

  return {
    url: `http://127.0.0.1:${address.port}`,
    loseAnswers(count) {
      toLose = count;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
