import { expect, test } from 'vitest';
import {
  incompleteLock,
  strayImports,
  undocumentedDependencies,
  unlistedPackages,
} from './dependency-rules.ts';
import { deadLinks } from './document-rules.ts';
import { readRepository } from './repository.ts';
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

// The repository checks its own style. The linter holds what it can say (names of exports, length
// of functions, barrels); here is the rest. Each problem says what to do.
const files = readRepository();

test.each([
  ['no line is too long', longLines],
  ['no file is too long', longFiles],
  ['every file is imported or an entry point', filesNobodyImports],
  ['work left behind names its issue', unnumberedTasks],
  ['core is pure', impureCore],
  ['no text becomes a program', generatedSource],
  ['core uses no package', packagesInCore],
  ['imports follow the arrows', wrongArrows],
  ['everything is exported by its name, from its own file', hiddenNames],
  ['folders are named after what they are about', namelessFolders],
  ['links in the documents lead somewhere', deadLinks],
  ['every dependency says why it is here', undocumentedDependencies],
  ['every imported package is asked for by name', unlistedPackages],
  ['the lock holds every platform', incompleteLock],
  ['a dependency is imported where its row says', strayImports],
  ['nothing names one machine', machinePaths],
] as const)('%s', (_, rule) => {
  expect(rule(files)).toEqual([]);
});
