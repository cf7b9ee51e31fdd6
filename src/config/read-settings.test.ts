import { describe, expect, it } from 'vitest';
import { settingsHelp } from './help.ts';
import { problemsText, readSettings } from './read-settings.ts';
import { integer } from './setting.ts';
import { SETTINGS } from './settings.ts';

const read = (argv: readonly string[], env: Record<string, string> = {}) =>
  readSettings(SETTINGS, { argv, env });

function settingsOf(argv: readonly string[], env: Record<string, string> = {}) {
  const configuration = read(argv, env);
  if (!configuration.ok) throw new Error(problemsText(configuration.problems));
  return configuration.settings;
}

function problemsOf(argv: readonly string[], env: Record<string, string> = {}) {
  const configuration = read(argv, env);
  return configuration.ok ? [] : configuration.problems;
}

describe('the settings', () => {
  it('have defaults that keep everything on this machine', () => {
    expect(settingsOf([])).toMatchObject({
      data: './data',
      partitions: 16,
      natsUrl: [],
      clickhouseUrl: [],
      httpHost: '127.0.0.1',
      httpPort: 8080,
      logLevel: 'info',
    });
  });

  it('are taken from flags, then from the environment', () => {
    const env = { ARBITER_DATA_DIR: '/env', ARBITER_HTTP_PORT: '1', NATS_URL: '' };
    expect(settingsOf(['--data', '/flag', '--port=2'], env)).toMatchObject({
      data: '/flag',
      httpPort: 2,
      natsUrl: [],
    });
    expect(settingsOf([], env)).toMatchObject({ data: '/env', httpPort: 1 });
  });

  it('leave words that are no flags to the command', () => {
    const configuration = read(['a.csv', '--help', '--port', '0', 'b.csv', '--', '--c.csv']);
    expect(configuration).toMatchObject({
      ok: true,
      words: ['a.csv', 'b.csv', '--c.csv'],
      settings: { help: true, httpPort: 0 },
    });
  });

  it('take several servers', () => {
    const servers = settingsOf(['--nats', 'nats://a:4222, tls://b']).natsUrl;
    expect(servers).toEqual(['nats://a:4222', 'tls://b']);
  });

  it('may be extended by those of a command', () => {
    const rate = integer({ flag: '--rate', fallback: 5, least: 1, most: 9, about: 'A rate.' });
    const table = { ...SETTINGS, rate };
    const configuration = readSettings(table, { argv: ['--rate', '7'], env: {} });
    expect(configuration).toMatchObject({ ok: true, settings: { rate: 7 } });
  });

  it('warn about a variable that is nearly ours', () => {
    expect(read([], { ARBITER_PARTITION: '4', OTHER: '1' })).toMatchObject({
      warnings: ['the variable ARBITER_PARTITION is not known here'],
    });
  });
});

describe('the help', () => {
  it('has a line for every setting, with its default', () => {
    const lines = settingsHelp(SETTINGS).split('\n');
    expect(lines).toHaveLength(Object.keys(SETTINGS).length);
    expect(lines.find((line) => line.includes('--partitions'))).toMatch(
      /^ {2}--partitions, ARBITER_PARTITIONS +Partitions of the log.* Default: 16\.$/,
    );
  });
});

describe('wrong settings', () => {
  it('are all listed at once', () => {
    const argv = ['--port', '65536', '--bogus', '--nats=http://a', '--log-level', 'loud', '--data'];
    expect(problemsOf(argv, { ARBITER_PARTITIONS: '0', CLICKHOUSE_URL: 'localhost' })).toEqual([
      '--bogus is no flag of this command',
      '--data needs a value: text',
      'ARBITER_PARTITIONS has to be a whole number from 1 to 1024, not `0`',
      '--nats has to be addresses (nats://, tls://), separated by commas, not `http://a`',
      'CLICKHOUSE_URL has to be addresses (http://, https://), separated by commas, not `localhost`',
      '--port has to be a whole number from 0 to 65535, not `65536`',
      '--log-level has to be one of trace, debug, info, warn, error, fatal, silent, not `loud`',
    ]);
  });

  it.each(['1.5', '1e3', ' 1', '0x10', '-', '', '99999999999999999999'])(
    'are numbers like %j',
    (text) => {
      expect(problemsOf([`--partitions=${text}`])).toHaveLength(1);
    },
  );

  it('never show a secret', () => {
    const problems = problemsOf([], { CLICKHOUSE_PASSWORD: ' ' });
    expect(problems).toEqual(['CLICKHOUSE_PASSWORD is empty']);
  });

  it('are printed as one text', () => {
    expect(problemsText(['a', 'b'])).toBe(
      '2 settings are wrong:\n  - a\n  - b\nSee docs/reference/configuration.md or --help.\n',
    );
  });
});
