import type { Setting } from '../config/setting.ts';
import { SETTINGS_BY_TOPIC } from '../config/settings.ts';

const HEAD = `# Configuration

Every setting has a default, so nothing has to be configured to try Arbiter. A flag wins over the
environment variable, the variable over the default; an empty variable counts as not set. Wrong
settings are listed all at once and end the command with exit code 2.

Generated from \`src/config/settings.ts\` by \`npm run docs:configuration\`.
`;

/** The text of `docs/reference/configuration.md`. */
export function configurationDocument(): string {
  const topics = Object.entries(SETTINGS_BY_TOPIC);
  return [HEAD, ...topics.map(([title, settings]) => section(title, settings))].join('\n');
}

function section(title: string, settings: Readonly<Record<string, Setting<unknown>>>): string {
  const head = [
    '| variable | flag | default | values | what it does |',
    '| --- '.repeat(5).concat('|'),
  ];
  return `## ${title}\n\n${[...head, ...Object.values(settings).map(row)].join('\n')}\n`;
}

function row(setting: Setting<unknown>): string {
  const cells = [
    code(setting.env ?? ''),
    code(setting.flag ?? ''),
    defaultOf(setting),
    [setting.range, setting.unit].filter((part) => part !== '').join(' '),
    setting.secret ? `${setting.about} Never logged.` : setting.about,
  ];
  return `| ${cells.join(' | ')} |`;
}

function defaultOf(setting: Setting<unknown>): string {
  const isValue = setting.fallbackText === String(setting.fallback);
  return isValue ? code(setting.fallbackText) : setting.fallbackText;
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
