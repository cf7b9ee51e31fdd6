import { expect, test } from 'vitest';
import {
  incompleteLock,
  strayImports,
  undocumentedDependencies,
  unlistedPackages,
} from './dependency-rules.ts';
import { deadLinks } from './document-rules.ts';
import { fileFrom, type SourceFile } from './repository.ts';
import {
  filesNobodyImports,
  hiddenNames,
  namelessFolders,
  packagesInCore,
  wrongArrows,
} from './structure-rules.ts';
import {
  generatedSource,
  impureCore,
  longFiles,
  longLines,
  machinePaths,
  unnumberedTasks,
} from './text-rules.ts';

// A rule that finds nothing in the repository may just as well be broken: here is what each finds.
type Rule = (files: readonly SourceFile[]) => string[];
type Texts = Readonly<Record<string, string>>;

const MANIFEST = '{ "dependencies": { "lmdb": "1.0.0" } }';
const PAGE =
  '| package | why | imported by |\n| --- | --- | --- |\n| `lmdb` | the store | `src/a.ts` |';
const USES_LMDB = "import { open } from 'lmdb';";

test.each<[string, Rule, Texts]>([
  ['a long line', longLines, { 'core/a.ts': `// ${'x '.repeat(60)}` }],
  ['a long file', longFiles, { 'core/a.ts': '\n'.repeat(501) }],
  ['work without an issue', unnumberedTasks, { 'src/a.ts': `// TO${'DO'} later` }],
  ['a folder of one machine', machinePaths, { 'src/a.ts': `const path = '/${'home'}/me/x';` }],
  ['a registry', machinePaths, { 'a.json': `"https://registry.${'example'}.org/x"` }],
  ['a clock in core', impureCore, { 'core/a.ts': 'const now = Date.now();' }],
  ['waiting in core', impureCore, { 'core/a.ts': 'await apply();' }],
  ['chance in core', impureCore, { 'core/a.ts': 'Math.random();' }],
  ['a program made of text', generatedSource, { 'core/a.ts': 'const f = new Function(text);' }],
  ['an unused file', filesNobodyImports, { 'src/a.ts': '' }],
  ['core that knows src', wrongArrows, { 'core/a.ts': "import { b } from '../src/b.ts';" }],
  ['workers that know src', wrongArrows, { 'workers/a.ts': "import('../src/b.ts');" }],
  ['load that knows too much', wrongArrows, { 'loadtest/a.ts': "import '../src/pool/b.ts';" }],
  ['a package in core', packagesInCore, { 'core/a.ts': "import { z } from 'lmdb';" }],
  ['a nameless folder', namelessFolders, { 'src/utils/a.ts': '' }],
  ['a default export', hiddenNames, { 'src/a.ts': 'export default 1;' }],
  ['a barrel', hiddenNames, { 'src/index.ts': '' }],
  ['a dead link', deadLinks, { 'README.md': '[there](docs/nothing.md)' }],
  ['a dead heading', deadLinks, { 'README.md': '# One\n\n[there](#two)' }],
  ['a dependency without a reason', undocumentedDependencies, { 'package.json': MANIFEST }],
  ['a package nobody listed', unlistedPackages, { 'package.json': '{}', 'src/a.ts': USES_LMDB }],
  [
    'a stray import',
    strayImports,
    {
      'package.json': MANIFEST,
      'docs/adr/0001-dependencies.md': PAGE,
      'src/a.ts': USES_LMDB,
      'src/b.ts': USES_LMDB,
    },
  ],
  [
    'a lock without a platform',
    incompleteLock,
    { 'package-lock.json': '{"packages":{"x":{"optionalDependencies":{"x-darwin-x64":"1.0.0"}}}}' },
  ],
])('%s is found, once', (_, rule, texts) => {
  const files = Object.entries(texts).map(([path, text]) => fileFrom(path, text));
  expect(rule(files)).toHaveLength(1);
});

test.each<[string, Rule, Texts]>([
  ['a comment about time in core', impureCore, { 'core/a.ts': '// Date.now() would differ' }],
  ['a test of core that waits', impureCore, { 'core/a.test.ts': 'await apply();' }],
  ['a long table', longLines, { 'docs/a.md': `| ${'x '.repeat(80)}|` }],
  ['a numbered task', unnumberedTasks, { 'src/a.ts': `// TO${'DO'} #12 later` }],
  ['src that knows core', wrongArrows, { 'src/a.ts': "import { b } from '../core/b.ts';" }],
  ['a link to a heading', deadLinks, { 'docs/a.md': '# Two words\n\n[there](#two-words)' }],
])('%s is fine', (_, rule, texts) => {
  const files = Object.entries(texts).map(([path, text]) => fileFrom(path, text));
  expect(rule(files)).toEqual([]);
});
