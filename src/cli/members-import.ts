import { basename } from 'node:path';
import { isReason, REASONS } from '../../core/outcome/reasons.ts';
import { TransactionClient } from '../client/transaction-client.ts';
import { onOff, optionalText } from '../config/setting.ts';
import { SETTINGS } from '../config/settings.ts';
import type { RowProblem } from '../import/balance-row.ts';
import { importBalances } from '../import/import-balances.ts';
import { connectNats, loginOf } from '../nats/connection.ts';
import { ProgressLine } from '../replay/progress.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { natsOf } from './rules-deployment.ts';

const TABLE = {
  ...SETTINGS,
  name: optionalText({
    flag: '--name',
    about: 'Names the import; without it, the name of the file. Under one name a row counts once.',
  }),
  enrol: onOff({
    flag: '--enrol',
    fallback: false,
    about: 'Enrols the members of the file first.',
  }),
};

/** `arbiter members import FILE`: balances of another system, lot by lot, with their expiry. */
export async function membersImport(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const [file, ...others] = ready.words;
  if (file === undefined || others.length > 0) {
    const usage = 'usage: arbiter members import FILE.csv[.gz] [--name NAME] [--enrol]\n';
    process.stderr.write(usage);
    return 2;
  }
  const { settings } = ready;
  const connection = await connectNats({
    servers: natsOf(settings),
    login: loginOf(settings),
    name: 'arbiter-members-import',
  });
  const client = new TransactionClient(connection, { partitions: settings.partitions });
  const screen = {
    isTTY: process.stderr.isTTY ?? false,
    write: (t: string) => process.stderr.write(t),
  };
  const line = new ProgressLine(screen);
  const start = performance.now();
  try {
    const counts = await importBalances({
      file,
      name: settings.name ?? basename(file).replace(/\.csv(\.gz)?$/, ''),
      enrol: settings.enrol,
      submit: (transactions) => client.submit(transactions),
      problem: (problem) => write(problemText(problem)),
      progress: ({ rows, imported, repeated }, { bytes, bytesRead }) =>
        line.update({
          bytes,
          bytesRead: bytesRead(),
          rows,
          transactions: imported + repeated,
          milliseconds: performance.now() - start,
        }),
    });
    const { rows, imported, repeated, refused } = counts;
    write(`${rows} rows: ${imported} imported, ${repeated} were before, ${refused} refused\n`);
    return refused === 0 ? 0 : 1;
  } finally {
    await client.close();
    await connection.close();
  }
}

function problemText({ line, column, reason, message }: RowProblem): string {
  const where = column === '' ? `line ${line}` : `line ${line}, column ${column}`;
  const todo = isReason(reason) ? ` ${REASONS[reason].todo}` : '';
  const sentence = message.endsWith('.') ? message : `${message}.`;
  return `${where}: ${reason}: ${sentence}${todo}\n`;
}
