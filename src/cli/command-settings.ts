import { settingsHelp } from '../config/help.ts';
import {
  type Configuration,
  EXIT_BAD_CONFIGURATION,
  problemsText,
  readSettings,
} from '../config/read-settings.ts';
import type { SETTINGS, SettingTable } from '../config/settings.ts';
import type { Write } from './commands.ts';

export type Ready<Table extends SettingTable> =
  | Extract<Configuration<Table>, { ok: true }>
  | { readonly ok: false; readonly exitCode: number };

/** Reads the settings of a command once. All problems are told at once, with exit code 2. */
export function commandSettings<Table extends typeof SETTINGS>(
  table: Table,
  argv: readonly string[],
  write: Write,
): Ready<Table> {
  const configuration = readSettings(table, { argv, env: process.env });
  if (!configuration.ok) {
    process.stderr.write(problemsText(configuration.problems));
    return { ok: false, exitCode: EXIT_BAD_CONFIGURATION };
  }
  if (configuration.settings.help) {
    write(settingsHelp(table));
    return { ok: false, exitCode: 0 };
  }
  for (const warning of configuration.warnings) process.stderr.write(`warning: ${warning}\n`);
  return configuration;
}
