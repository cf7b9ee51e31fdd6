import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** An authority and two certificates that it signed, as files. */
export interface CertificateFiles {
  readonly authority: string;
  readonly server: { readonly certificate: string; readonly key: string };
  readonly client: { readonly certificate: string; readonly key: string };
}

const ALGORITHM = { keyType: 'ec', algorithm: 'sha256' } as const;
// The client checks an address without a name as `localhost`.
const HERE = [{ type: 7, ip: '127.0.0.1' } as const, { type: 2, value: 'localhost' } as const];

/** Makes certificates for a server on this machine and one client. */
export async function makeCertificates(folder: string): Promise<CertificateFiles> {
  mkdirSync(folder, { recursive: true });
  const ca = await generate([{ name: 'commonName', value: 'test authority' }], {
    ...ALGORITHM,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true },
    ],
  });
  const signed = async (name: string) => {
    const made = await generate([{ name: 'commonName', value: name }], {
      ...ALGORITHM,
      ca: { key: ca.private, cert: ca.cert },
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
        { name: 'subjectAltName', altNames: HERE },
      ],
    });
    const write = (suffix: string, text: string): string => written(folder, name + suffix, text);
    return { certificate: write('.crt', made.cert), key: write('.key', made.private) };
  };
  const [server, client] = [await signed('server'), await signed('client')];
  return { authority: written(folder, 'authority.crt', ca.cert), server, client };
}

function written(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
