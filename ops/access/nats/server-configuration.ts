import { assert } from '../../../core/assert.ts';
import {
  isTokenName,
  mappingsOf,
  type Permissions,
  permissionsOf,
  type Role,
} from './permissions.ts';

/** Somebody who may connect: known by the public half of its key pair. */
export interface Identity {
  readonly name: string;
  readonly role: Role;
  /** An NKEY of a user: `U…`. */
  readonly publicKey: string;
}

/** Certificates of the server; clients have to bring one of the same authority. */
export interface ServerCertificates {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly authorityFile: string;
}

export interface ServerConfiguration {
  readonly host: string;
  readonly port: number;
  readonly storeFolder: string;
  readonly partitions: number;
  readonly identities: readonly Identity[];
  readonly certificates: ServerCertificates | undefined;
}

/** Far above the largest envelope: what is too large should arrive and be rejected on record. */
const PAYLOAD_BYTES_MAX = 12 * 1_024 * 1_024;
/** Time to prove who one is, in seconds. */
const AUTHORIZATION_SECONDS = 2;

/**
 * The configuration of a nats-server for a deployment. All users are inside accounts and there is
 * no `authorization` block: where both stand side by side, old servers let everybody into the
 * global account (trap T22).
 */
export function serverConfiguration(server: ServerConfiguration): string {
  const mappings = Object.entries(mappingsOf(server.partitions));
  return `# Written by \`arbiter nats configure\`: edit the list of stores and run it again.
listen: ${quoted(`${server.host}:${server.port}`)}
max_payload: ${PAYLOAD_BYTES_MAX}
jetstream {
  store_dir: ${quoted(server.storeFolder)}
}
${tlsOf(server.certificates)}accounts {
  ARBITER {
    jetstream: enabled
    mappings {
${mappings.map(([from, to]) => `      ${quoted(from)}: ${quoted(to)}`).join('\n')}
    }
    users = [
${server.identities.map(userOf).join('\n')}
    ]
  }
  SYS { users = [] }
}
system_account: SYS
`;
}

function tlsOf(certificates: ServerCertificates | undefined): string {
  if (certificates === undefined) return '';
  return `tls {
  cert_file: ${quoted(certificates.certificateFile)}
  key_file: ${quoted(certificates.keyFile)}
  ca_file: ${quoted(certificates.authorityFile)}
  verify: true
  timeout: ${AUTHORIZATION_SECONDS}
}
`;
}

function userOf(identity: Identity): string {
  assert(isTokenName(identity.name), 'a name that could change the configuration');
  assert(/^U[A-Z2-7]{55}$/.test(identity.publicKey), 'not the public key of a user');
  const permissions = permissionsOf(identity);
  return `      # ${identity.role} ${identity.name}
      { nkey: ${identity.publicKey}, permissions: ${rendered(permissions)} }`;
}

function rendered({ publish, subscribe }: Permissions): string {
  return `{ publish: { allow: ${list(publish)} }, subscribe: { allow: ${list(subscribe)} } }`;
}

const list = (subjects: readonly string[]): string => `[${subjects.map(quoted).join(', ')}]`;

function quoted(text: string): string {
  return JSON.stringify(text);
}
