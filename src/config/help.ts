import type { Setting } from './setting.ts';
import type { SettingTable } from './settings.ts';

/** The settings of a command, one a line, for `--help`. */
export function settingsHelp(table: SettingTable): string {
  const rows = Object.values(table).map((setting) => ({
    name: nameOf(setting),
    text: `${setting.about}${defaultOf(setting)}`,
  }));
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows.map(({ name, text }) => `  ${name.padEnd(width)}  ${text}`).join('\n');
}

function nameOf({ env, flag }: Setting<unknown>): string {
  return [flag, env].filter((name) => name !== undefined).join(', ');
}

function defaultOf(setting: Setting<unknown>): string {
  if (setting.isSwitch || setting.fallbackText === '') return '';
  return ` Default: ${setting.fallbackText.replaceAll('`', '')}.`;
}
