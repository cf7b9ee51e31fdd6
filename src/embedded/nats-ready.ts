import { readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

/** Reading a large store back in takes its time before the server listens. */
const START_MS_MAX = 120_000;
const POLL_MS = 20;
const GREETING_MS_MAX = 5_000;
/** The server's first line is a few hundred bytes. */
const GREETING_BYTES_MAX = 65_536;

export type NatsReady = { readonly url: string; readonly version: string };

/** Forgets the ports a killed server wrote down. */
export async function forgetPorts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith('.ports')) await rm(join(folder, name), { force: true });
  }
}

/** Waits until the server listens with JetStream ready; undefined when it ended before. */
export async function natsReady(
  folder: string,
  ended: () => boolean,
): Promise<NatsReady | undefined> {
  const giveUpAt = Date.now() + START_MS_MAX;
  while (!ended() && Date.now() < giveUpAt) {
    const url = await writtenUrl(folder);
    const version = url === undefined ? undefined : await greetedVersion(url);
    if (url !== undefined && version !== undefined) return { url, version };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return undefined;
}

async function writtenUrl(folder: string): Promise<string | undefined> {
  const name = (await readdir(folder)).find((one) => one.endsWith('.ports'));
  if (name === undefined) return undefined;
  try {
    const ports: { nats?: string[] } = JSON.parse(await readFile(join(folder, name), 'utf8'));
    return ports.nats?.[0];
  } catch {
    // Half written: the next look finds it whole.
    return undefined;
  }
}

/** The version in the line a server greets with, once its JetStream is on. */
function greetedVersion(url: string): Promise<string | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    let greeting = '';
    const settle = (version?: string) => {
      socket.destroy();
      resolve(version);
    };
    socket.setTimeout(GREETING_MS_MAX, () => settle());
    socket.on('error', () => settle());
    socket.on('close', () => settle());
    socket.on('data', (chunk) => {
      greeting += chunk.toString('latin1');
      if (greeting.length > GREETING_BYTES_MAX) settle();
      const line = /^INFO (\{.*\})\s*\r\n/.exec(greeting)?.[1];
      if (line !== undefined) settle(versionIn(line));
    });
  });
}

function versionIn(line: string): string | undefined {
  const info: { version?: string; jetstream?: boolean } = JSON.parse(line);
  return info.jetstream === true ? info.version : undefined;
}
