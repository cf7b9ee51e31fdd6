/**
 * A conformance fixture: a rule set, transactions, and what must come out. The format is that of
 * `docs/rule-language.md`.
 */
export interface Fixture {
  readonly name: string;
  /** Where the expectation comes from. */
  readonly source: string;
  readonly ruleSet: unknown;
  readonly member: MemberFixture | undefined;
  readonly transactions: readonly Json[];
  /** One expectation a transaction, any subset of its outcome. */
  readonly expect: readonly unknown[];
  /**
   * What members have after the last transaction: `{ m: { main: { available: 10, pending: 0 } } }`,
   * any subset of it. `null` for somebody who is no member.
   */
  readonly balances: Json;
  /** Of a fixture for a rule set that must not compile. */
  readonly compile: CompileFixture | undefined;
}

export type Json = Readonly<Record<string, unknown>>;

/** The member as it is before the first transaction. Points are decimals, as everywhere outside. */
export type MemberFixture = Json;

export interface CompileFixture {
  readonly status: string;
  readonly errors: readonly unknown[];
}

export type ReadFixture =
  | { readonly ok: true; readonly fixture: Fixture }
  | { readonly ok: false; readonly problem: string };

const KEYS = [
  ...['name', 'source', 'ruleSet', 'member', 'transactions', 'expect', 'balances', 'compile'],
  'note',
];

/** Checks the frame of a fixture. What is in the rule set and the transactions is checked later. */
export function readFixture(value: unknown): ReadFixture {
  if (!isJson(value)) return { ok: false, problem: 'a fixture is an object' };
  const unknown = Object.keys(value).filter((key) => !KEYS.includes(key));
  if (unknown.length > 0) return { ok: false, problem: `unknown key \`${unknown[0]}\`` };
  const { name, source, ruleSet, member, transactions = [], expect = [], compile } = value;
  const { balances = {} } = value;
  if (typeof name !== 'string') return { ok: false, problem: 'a fixture has a `name`' };
  if (ruleSet === undefined) return { ok: false, problem: 'a fixture has a `ruleSet`' };
  if (!Array.isArray(transactions) || !transactions.every(isJson)) {
    return { ok: false, problem: '`transactions` is a list of objects' };
  }
  if (!Array.isArray(expect)) return { ok: false, problem: '`expect` is a list' };
  if (expect.length > transactions.length) {
    return { ok: false, problem: '`expect` has more entries than there are transactions' };
  }
  if (!isJson(balances)) return { ok: false, problem: '`balances` is an object' };
  if (compile === undefined && transactions.length === 0) {
    return { ok: false, problem: 'a fixture has `transactions` or `compile`' };
  }
  return {
    ok: true,
    fixture: {
      name,
      source: typeof source === 'string' ? source : '',
      ruleSet,
      member: isJson(member) ? member : undefined,
      transactions,
      expect,
      balances,
      compile: isJson(compile) ? readCompile(compile) : undefined,
    },
  };
}

function readCompile({ status, errors }: Json): CompileFixture {
  return {
    status: typeof status === 'string' ? status : 'rejected',
    errors: Array.isArray(errors) ? errors : [],
  };
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
