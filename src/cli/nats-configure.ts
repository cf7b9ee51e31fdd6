import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isTokenName } from '../../ops/access/nats/permissions.ts';
import {
  type ServerCertificates,
  serverConfiguration,
} from '../../ops/access/nats/server-configuration.ts';
import { type KeptIdentity, keepIdentity } from '../access/nats-identities.ts';
import { integer, optionalText, text } from '../config/setting.ts';
import { SETTINGS } from '../config/settings.ts';
import { Fault } from '../fault.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';

const TABLE = {
  ...SETTINGS,
  stores: optionalText({
    flag: '--stores',
    about: 'File with the names of the stores, one a line.',
  }),
  out: text({ flag: '--out', fallback: './nats', about: 'Folder for the configuration and keys.' }),
  listenHost: text({ flag: '--listen', fallback: '127.0.0.1', about: 'Address of the server.' }),
  listenPort: integer({
    flag: '--listen-port',
    fallback: 4_222,
    least: -1,
    most: 65_535,
    about: 'Port of the server; -1 takes a free one.',
  }),
  certificate: optionalText({ flag: '--certificate', about: "File of the server's certificate." }),
  key: optionalText({ flag: '--key', about: 'File of its private key.' }),
  authority: optionalText({ flag: '--authority', about: 'File of the authority of all clients.' }),
};

const EXIT_USAGE = 2;
const SERVER_FILE = 'nats-server.conf';

/**
 * `arbiter nats configure`: writes the configuration of a nats-server in which every till may
 * speak for its own store alone, with a key pair for everybody.
 */
export async function natsConfigure(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings } = ready;
  const stores = settings.stores === undefined ? [] : storesIn(settings.stores);
  const problems = [...problemsOf(stores), ...certificateProblems(settings)];
  if (problems.length > 0) {
    process.stderr.write(problems.map((problem) => `${problem}\n`).join(''));
    return EXIT_USAGE;
  }
  const out = resolve(settings.out);
  const keys = join(out, 'keys');
  const identities = [
    keepIdentity(keys, { name: 'arbiter', role: 'service' }),
    keepIdentity(keys, { name: 'arbiter', role: 'operator' }),
    ...stores.map((name) => keepIdentity(keys, { name, role: 'till' })),
  ];
  mkdirSync(out, { recursive: true });
  const file = join(out, SERVER_FILE);
  writeFileSync(
    file,
    serverConfiguration({
      host: settings.listenHost,
      port: settings.listenPort,
      storeFolder: join(out, 'jetstream'),
      partitions: settings.partitions,
      identities,
      certificates: certificatesOf(settings),
    }),
  );
  write(summary(file, identities));
  return 0;
}

function storesIn(file: string): readonly string[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  } catch (cause) {
    throw new Fault('stores-unreadable', `the list of stores \`${file}\` cannot be read`, {
      retry: 'operator',
      cause,
    });
  }
}

function problemsOf(stores: readonly string[]): readonly string[] {
  return stores.flatMap((store, index) => {
    if (!isTokenName(store)) {
      return `store \`${store}\`: only letters, digits, - and _ can be part of a subject`;
    }
    return stores.indexOf(store) < index ? `store \`${store}\` is listed twice` : [];
  });
}

type CertificateSettings = Partial<
  Readonly<Record<'certificate' | 'key' | 'authority', string | undefined>>
>;

function certificateProblems({ certificate, key, authority }: CertificateSettings) {
  const given = [certificate, key, authority].filter((file) => file !== undefined).length;
  if (given === 0 || given === 3) return [];
  return ['--certificate, --key and --authority go together'];
}

function certificatesOf(settings: CertificateSettings): ServerCertificates | undefined {
  const { certificate, key, authority } = settings;
  if (certificate === undefined || key === undefined || authority === undefined) return undefined;
  return {
    certificateFile: resolve(certificate),
    keyFile: resolve(key),
    authorityFile: resolve(authority),
  };
}

function summary(file: string, identities: readonly KeptIdentity[]): string {
  const made = identities.filter(({ isNew }) => isNew).length;
  const service = identities.find(({ role }) => role === 'service');
  return [
    `${file}: ${identities.length} key pairs, ${made} of them new`,
    `start the server:   nats-server --config ${file}`,
    `start Arbiter with: NATS_NKEY_FILE=${service?.seedFile ?? ''}`,
    'give each till the key file of its own store, and nobody else',
    '',
  ].join('\n');
}
