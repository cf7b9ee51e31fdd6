#!/usr/bin/env node
import { stepBack } from '../embedded/step-back.ts';
import { Fault, messageOf } from '../fault.ts';
import { COMMANDS, type Command, usage } from './commands.ts';
import { keepCompiledCode } from './compile-cache.ts';
import { collectLessOften } from './heap-growth.ts';
import { freeLargeBuffersAtOnce } from './large-buffers.ts';

/** Exit codes: 0 done, 1 a check failed, 2 the command or its settings are wrong, 3 a fault. */
const EXIT_USAGE = 2;
const EXIT_FAULT = 3;

/** The words that name a command may be two: `ledger verify`. The longest match wins. */
function find(words: readonly string[]): { command: Command; rest: readonly string[] } | undefined {
  for (const length of [2, 1]) {
    const command = COMMANDS.get(words.slice(0, length).join(' '));
    if (command) return { command, rest: words.slice(length) };
  }
  return undefined;
}

/**
 * Commands that take a second of processor time to compile and check a version, often beside a
 * processor whose checkouts come first. A promotion that has to be stopped is not among them.
 */
const PATIENT = /^(rules (?!stop)|regions )/;
const NICE_INCREMENT = 10;
/** Commands that pass on all that comes. */
const SERVES = /^(run|demo|replay)$/;

async function main(words: readonly string[]): Promise<number> {
  const write = (text: string): void => {
    process.stdout.write(text);
  };
  if (words.length === 0 || words[0] === '--help' || words[0] === 'help') {
    write(usage());
    return words.length === 0 ? EXIT_USAGE : 0;
  }
  const found = find(words);
  if (!found) {
    process.stderr.write(`there is no command \`${words.slice(0, 2).join(' ')}\`\n\n${usage()}`);
    return EXIT_USAGE;
  }
  if (PATIENT.test(words.join(' '))) stepBack(NICE_INCREMENT);
  if (SERVES.test(words[0] ?? '')) {
    freeLargeBuffersAtOnce();
    collectLessOften();
  }
  const run = await found.command.load();
  return run(found.rest, write);
}

keepCompiledCode(process.env);
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`arbiter: ${messageOf(error)}\n`);
  const isUnreadable = error instanceof Error && error.name === 'UnreadableInput';
  if (error instanceof Fault) {
    for (const [name, fact] of Object.entries(error.facts)) {
      process.stderr.write(
        `  ${name}: ${typeof fact === 'string' ? fact : JSON.stringify(fact)}\n`,
      );
    }
  } else if (error instanceof Error && !isUnreadable) {
    process.stderr.write(`${error.stack}\n`);
  }
  process.exitCode = isUnreadable ? EXIT_USAGE : EXIT_FAULT;
}
