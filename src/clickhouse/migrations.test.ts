import { expect, test } from 'vitest';
import { readMigrations, statementsOf } from './migrations.ts';

test('migrations are numbered without gaps and hold statements', () => {
  const migrations = readMigrations();

  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
  for (const { statements } of migrations) expect(statements.length).toBeGreaterThan(0);
});

test('every statement may run twice', () => {
  for (const { statements } of readMigrations()) {
    for (const statement of statements)
      expect(statement).toMatch(
        /^(CREATE .*|ALTER .*)IF NOT E|^DROP VIEW IF EXISTS |MATERIALIZE INDEX IF EXISTS /,
      );
  }
});

test('a file is cut into statements at semicolons that end a line', () => {
  const text = "-- one; two\nCREATE a\n(x String DEFAULT ';x');\n\n-- last\nCREATE b;\n";

  expect(statementsOf(text)).toEqual(["CREATE a\n(x String DEFAULT ';x')", 'CREATE b']);
});
