/** Writes the generated pages: `node src/reference/write.ts [reasons|configuration|rules]…`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED_PAGES, REFERENCE_FOLDER } from './pages.ts';

const wanted = process.argv.slice(2);
mkdirSync(REFERENCE_FOLDER, { recursive: true });
for (const [file, { command, text }] of Object.entries(GENERATED_PAGES)) {
  if (wanted.length > 0 && !wanted.includes(command)) continue;
  writeFileSync(join(REFERENCE_FOLDER, file), text());
}
