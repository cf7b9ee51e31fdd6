import type { SettlementStatement } from '../../core/ledger/settlement.ts';

/** A statement as tables for a person: who owes whom, and what everybody gets or pays in all. */
export function renderSettlement(statement: SettlementStatement, exponent: number): string {
  if (statement.debts.length === 0) return 'nobody owes anybody anything for this period\n';
  const money = (amount: number): string => (amount / 10 ** exponent).toFixed(exponent);
  const debts = statement.debts.map((debt) => [
    debt.debtor,
    debt.creditor,
    debt.currency,
    [...debt.points].map(([type, amount]) => `${amount} ${type}`).join(', '),
    money(debt.redeemed),
    money(debt.contributed),
    money(debt.owed),
  ]);
  const nets = statement.nets.map(({ party, currency, net }) => [party, currency, money(net)]);
  const head = ['debtor', 'creditor', 'currency', 'points', 'redeemed', 'contributed', 'owed'];
  return [
    table([head, ...debts]),
    '',
    table([['party', 'currency', 'net'], ...nets]),
    '',
    'the net positions sum to zero',
    '',
  ].join('\n');
}

/** Columns as wide as their widest cell; all but names of parties are set right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
