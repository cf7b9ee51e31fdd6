import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Argon2id as Node brings it, in the usual text form: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
 * The cost is read back from the text, so that it can be raised without ending old passwords.
 */

/** The least that OWASP recommends: 19 MiB, twice. About 50 ms of one core. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Of a text from the store; more would be somebody's attempt to keep us busy. */
const MEMORY_KIB_MAX = 262_144;
const PASSES_MAX = 16;

const FORM = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/;

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(SALT_BYTES);
  const cost = { memory: MEMORY_KIB, passes: PASSES, parallelism: LANES };
  const hash = await derived({ ...cost, message: password, nonce, tagLength: HASH_BYTES });
  const head = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}`;
  return `${head}$${plain(nonce)}$${plain(hash)}`;
}

export async function isPassword(password: string, kept: string): Promise<boolean> {
  const [, memory, passes, lanes, salt = '', hash = ''] = FORM.exec(kept) ?? [];
  const expected = Buffer.from(hash, 'base64');
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(lanes) };
  if (!(cost.memory <= MEMORY_KIB_MAX && cost.passes <= PASSES_MAX)) return false;
  const nonce = Buffer.from(salt, 'base64');
  const found = await derived({ ...cost, message: password, nonce, tagLength: expected.length });
  return timingSafeEqual(found, expected);
}

function derived(parameters: Argon2Parameters): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

/** Base 64 without the filling, as the form wants it. */
function plain(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
