import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert } from '../../core/assert.ts';

/** A numbered step of the schema. Once delivered its text never changes. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly statements: readonly string[];
  /** SHA-256 of the file, in hexadecimal. */
  readonly checksum: string;
}

const FOLDER = fileURLToPath(new URL('./migrations/', import.meta.url));
const FILE_NAME = /^(\d{4})-([a-z0-9-]+)\.sql$/;

/** All migrations in order, read from `migrations/0001-….sql`. */
export function readMigrations(folder: string = FOLDER): readonly Migration[] {
  const migrations = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .toSorted()
    .map((file) => readMigration(folder, file));
  for (const [index, { number }] of migrations.entries()) {
    assert(number === index + 1, 'migrations are numbered from 1 without gaps', number);
  }
  return migrations;
}

function readMigration(folder: string, file: string): Migration {
  const [, number, name] = FILE_NAME.exec(file) ?? [];
  assert(number !== undefined && name !== undefined, 'a migration is 0001-its-name.sql', file);
  const text = readFileSync(`${folder}/${file}`, 'utf8');
  return {
    number: Number(number),
    name,
    statements: statementsOf(text),
    checksum: createHash('sha256').update(text).digest('hex'),
  };
}

/** Our files keep semicolons for the ends of statements, and comments on lines of their own. */
export function statementsOf(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('--'))
    .join('\n')
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
