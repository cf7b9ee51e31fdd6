import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from 'nats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { natsConfigure } from '../cli/nats-configure.ts';
import { connectNats, type NatsLogin } from '../nats/connection.ts';
import { type CertificateFiles, makeCertificates } from '../testing/certificates.ts';
import { ScratchNats } from '../testing/scratch-nats.ts';

/** Certificates on both sides, on a real server. */

const out = mkdtempSync(join(tmpdir(), 'arbiter-nats-tls-'));
let files: CertificateFiles;
let server: ScratchNats;

beforeAll(async () => {
  files = await makeCertificates(join(out, 'certificates'));
  const { certificate, key } = files.server;
  const words = ['--out', out, '--listen-port', '-1', '--certificate', certificate, '--key', key];
  expect(await natsConfigure([...words, '--authority', files.authority], () => {})).toBe(0);
  server = await ScratchNats.start(join(out, 'nats-server.conf'));
});

afterAll(async () => {
  await server?.stop();
  rmSync(out, { recursive: true, force: true });
});

function connected(login: NatsLogin): Promise<NatsConnection> {
  const url = server.url.replace('nats://', 'tls://');
  const nkey = join(out, 'keys', 'service-arbiter.nk');
  return connectNats({ servers: [url], name: 'test', patience: 1, login: { nkey, ...login } });
}

test('a client with a certificate of the authority gets in', async () => {
  const { authority, client } = files;
  const connection = await connected({ authority, ...client });
  await connection.flush();
  expect(connection.info?.tls_required).toBe(true);
  await connection.close();
});

test('one without a certificate does not', async () => {
  await expect(connected({ authority: files.authority })).rejects.toThrow('no NATS server answers');
});

test('nobody talks to a server of an unknown authority', async () => {
  await expect(connected({ ...files.client })).rejects.toThrow('no NATS server answers');
});

test('certificates are named together or not at all', async () => {
  expect(await natsConfigure(['--out', out, '--key', 'a.key'], () => {})).toBe(2);
});
