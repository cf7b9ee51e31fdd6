import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nkeys } from 'nats';
import type { Role } from '../../ops/access/nats/permissions.ts';
import type { Identity } from '../../ops/access/nats/server-configuration.ts';
import { Fault, messageOf } from '../fault.ts';

/** Readable by its owner alone. */
const SECRET_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** A key pair on disk: the public half, and the file with the secret one. */
export interface KeptIdentity extends Identity {
  readonly seedFile: string;
  readonly isNew: boolean;
}

/**
 * The key pairs of a deployment, a file each. One that exists is kept, so that a list that grew
 * by one store changes nothing for the others.
 */
export function keepIdentity(
  folder: string,
  who: { readonly name: string; readonly role: Role },
): KeptIdentity {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  const seedFile = join(folder, `${who.role}-${who.name}.nk`);
  const isNew = !existsSync(seedFile);
  if (isNew) {
    const seed = nkeys.createUser().getSeed();
    writeFileSync(seedFile, seed, { mode: SECRET_MODE, flag: 'wx' });
    seed.fill(0);
  }
  chmodSync(seedFile, SECRET_MODE);
  return { ...who, publicKey: publicKeyIn(seedFile), seedFile, isNew };
}

function publicKeyIn(seedFile: string): string {
  try {
    return nkeys.fromSeed(readFileSync(seedFile)).getPublicKey();
  } catch (cause) {
    throw new Fault('nats-seed-unreadable', `\`${seedFile}\` holds no NKEY seed of a user`, {
      retry: 'operator',
      facts: { reason: messageOf(cause), hint: 'remove the file to get a new key pair' },
      cause,
    });
  }
}
