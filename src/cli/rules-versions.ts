import { writeFileSync } from 'node:fs';
import { changesBetween } from '../../ops/rules/changes.ts';
import { outlineOf } from '../../ops/rules/outline.ts';
import { workingCopyChanges } from '../../ops/rules/working-copy.ts';
import { onOff, optionalText } from '../config/setting.ts';
import { SETTINGS } from '../config/settings.ts';
import { asJson, asYaml } from '../rules/write-document.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { readDocument } from './documents.ts';
import { tellActivation } from './rules-apply.ts';
import { CHANGING, tellRefusal, withDesk } from './rules-deployment.ts';
import { baseNamed, tellChanges, wordsBetween } from './rules-report.ts';
import { isNumber, namedDocument } from './rules-source.ts';

const EXPORT = {
  ...SETTINGS,
  json: onOff({ flag: '--json', fallback: false, about: 'JSON instead of YAML.' }),
  out: optionalText({ flag: '--out', about: 'The file to write; without it, standard output.' }),
};
const FROM_FILE = {
  ...CHANGING,
  base: optionalText({ flag: '--base', about: 'The version that the file was made from.' }),
};
const ONLY = {
  ...CHANGING,
  only: optionalText({
    flag: '--only',
    about: 'Only this node with all in it, such as `promotion birthday-20`.',
  }),
};

/** `arbiter rules diff FROM [TO]`: what differs, in the operator's words. Exits 0 either way. */
export async function rulesDiff(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(SETTINGS, argv, write);
  if (!ready.ok) return ready.exitCode;
  const usage = 'arbiter rules diff FROM [TO]   (a version, a file, `current` or `draft`)';
  if (!wordsBetween(ready.words, [1, 2], usage)) return 2;
  const [from = 'current', to = 'current'] = ready.words;
  return withDesk(ready.settings, async ({ ports }) => {
    const [left, right] = [await namedDocument(ports, from), await namedDocument(ports, to)];
    const [before, after] = [outlineOf(left.document), outlineOf(right.document)];
    const unclear = before.ok ? (after.ok ? undefined : after) : before;
    if (!before.ok || !after.ok) {
      write(`${unclear?.message}\n`);
      return 1;
    }
    const changes = changesBetween(before.outline, after.outline);
    write(`from ${left.name} to ${right.name}\n`);
    tellChanges(changes, write);
    if (changes.length === 0) write('  nothing differs\n');
    return 0;
  });
}

/** `arbiter rules export WHAT`: a version or the working copy as a file. */
export async function rulesExport(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(EXPORT, argv, write);
  if (!ready.ok) return ready.exitCode;
  const usage = 'arbiter rules export [VERSION|current|draft] [--json] [--out FILE]';
  if (!wordsBetween(ready.words, [0, 1], usage)) return 2;
  const { settings, words } = ready;
  return withDesk(settings, async ({ ports }) => {
    const named = await namedDocument(ports, words[0] ?? 'current');
    const head = named.version ? `${named.name}, base ${named.version.version}` : named.name;
    const content = settings.json ? asJson(named.document) : asYaml(named.document, head);
    if (settings.out === undefined) write(content);
    else writeFileSync(settings.out, content);
    return 0;
  });
}

/** `arbiter rules import FILE`: a file becomes a version that is not current yet. */
export async function rulesImport(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(FROM_FILE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings, words } = ready;
  if (!wordsBetween(words, [1, 1], 'arbiter rules import FILE [--base VERSION]')) return 2;
  const document = await readDocument(words[0] ?? '');
  const base = baseNamed(settings.base);
  const by = { author: { name: settings.author }, note: settings.note };
  return withDesk(settings, async ({ perform }) =>
    tellActivation(await perform({ command: 'publish', document, base, ...by }), write),
  );
}

/** `arbiter rules draft [FILE]`: shows the working copy, or brings a file's changes into it. */
export async function rulesDraft(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(FROM_FILE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings, words } = ready;
  if (!wordsBetween(words, [0, 1], 'arbiter rules draft [FILE] [--base VERSION]')) return 2;
  const [file] = words;
  const by = { author: { name: settings.author }, note: settings.note };
  const base = baseNamed(settings.base);
  const document = file === undefined ? undefined : await readDocument(file);
  return withDesk(settings, async ({ ports, perform }) => {
    if (document !== undefined) {
      const result = await perform({ command: 'edit', document, base, ...by });
      if (!result.ok) return tellRefusal(result, write);
      tellChanges(result.changes ?? [], write);
      return 0;
    }
    const copy = await workingCopyChanges(ports);
    if (!copy.ok) return tellRefusal(copy, write);
    write(`the working copy, from version ${copy.copy.base}\n`);
    tellChanges(copy.changes, write);
    if (copy.changes.length === 0) write('  no unapplied changes\n');
    for (const [node, { author, at }] of Object.entries(copy.copy.touched)) {
      write(`  last touched: ${node} by ${author} at ${at}\n`);
    }
    return 0;
  });
}

/** `arbiter rules revert`: sets the working copy, or a node of it, back to what is current. */
export async function rulesRevert(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(ONLY, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings, words } = ready;
  if (!wordsBetween(words, [0, 0], 'arbiter rules revert [--only NODE]')) return 2;
  const by = { author: { name: settings.author }, note: settings.note };
  const only = settings.only === undefined ? undefined : [settings.only];
  return withDesk(settings, async ({ perform }) =>
    tellActivation(await perform({ command: 'revert', only, ...by }), write),
  );
}

/** `arbiter rules rollback [VERSION]`: what was current before is current again. */
export async function rulesRollback(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(CHANGING, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings, words } = ready;
  const [word] = words;
  const isUsed = word === undefined || isNumber(word);
  if (!wordsBetween(isUsed ? words : ['', ''], [0, 1], 'arbiter rules rollback [VERSION]'))
    return 2;
  const version = word === undefined ? undefined : Number(word);
  const by = { author: { name: settings.author }, note: settings.note };
  return withDesk(settings, async ({ perform }) =>
    tellActivation(await perform({ command: 'rollback', version, ...by }), write),
  );
}

/** `arbiter rules stop PROMOTION`: an emergency stop, without drafts and approvals. */
export async function rulesStop(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(CHANGING, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings, words } = ready;
  if (!wordsBetween(words, [1, 1], 'arbiter rules stop PROMOTION --note WHY')) return 2;
  const [promotion = ''] = words;
  const by = { author: { name: settings.author }, note: settings.note };
  return withDesk(settings, async ({ perform }) =>
    tellActivation(await perform({ command: 'stop', promotion, ...by }), write),
  );
}
