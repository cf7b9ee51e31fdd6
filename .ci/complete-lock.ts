import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Adds to package-lock.json the optional packages of platforms that the registry at hand does not
 * mirror: npm leaves them out there, and `npm ci` then refuses the lock on every machine. Their
 * platform is in their names. Run by `npm run fix:lock` after a package was added.
 */

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const FILE = 'package-lock.json';
const SYSTEMS = /(?:^|-)(android|darwin|freebsd|linux|openbsd|win32)(?:-|$)/;
const PROCESSORS = /(?:^|-)(arm64|arm|ia32|x64|ppc64|riscv64|s390x|wasm32)(?:-|$)/;

// Written by npm.
const lock = JSON.parse(readFileSync(FILE, 'utf8')) as { packages: Record<string, Locked> };
const added = missing(lock.packages);
const { '': root = {}, ...others } = { ...lock.packages, ...Object.fromEntries(added) };
const sorted = Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(
  FILE,
  `${JSON.stringify({ ...lock, packages: { '': root, ...Object.fromEntries(sorted) } }, null, 2)}\n`,
);
console.log(`${added.length} packages added to ${FILE}`);

function missing(packages: Readonly<Record<string, Locked>>): [string, Locked][] {
  const known = Object.keys(packages);
  return Object.values(packages).flatMap(({ dev, optionalDependencies }) =>
    Object.entries(optionalDependencies ?? {})
      .filter(([name]) => !known.some((path) => path.endsWith(`node_modules/${name}`)))
      .map(([name, version]): [string, Locked] => [
        `node_modules/${name}`,
        { version, ...platformOf(name), ...(dev ? { dev } : {}), ...{ optional: true } },
      ]),
  );
}

function platformOf(name: string): object {
  const last = name.split('/').at(-1) ?? '';
  const cpu = PROCESSORS.exec(last)?.[1];
  const os = SYSTEMS.exec(last)?.[1];
  const libc = /-musl/.test(last) ? 'musl' : /-gnu(?!\w)/.test(last) ? 'glibc' : undefined;
  return {
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(os ? { os: [os] } : {}),
    ...(libc ? { libc: [libc] } : {}),
  };
}
