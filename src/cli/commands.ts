/** Writes to standard output. */
export type Write = (text: string) => void;
/** A command: takes the words after its name and gives the exit code. */
export type Run = (argv: readonly string[], write: Write) => Promise<number>;

export interface Command {
  readonly usage: string;
  readonly about: string;
  /** Loads only what the command needs, so that a check of a rule file starts at once. */
  readonly load: () => Promise<Run>;
}

/** All commands by name, in the order in which help shows them. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  [
    'demo',
    {
      usage: 'demo [--rate N]',
      about: 'starts everything on this machine with traffic of a sample programme',
      load: async () => (await import('./demo.ts')).demo,
    },
  ],
  [
    'run',
    {
      usage: 'run',
      about: 'runs the processor, the ClickHouse sink and the HTTP gateway',
      load: async () => (await import('./run.ts')).run,
    },
  ],
  [
    'replay',
    {
      usage: 'replay FILE.csv[.gz]',
      about: 'sends a retail file (UCI Online Retail layout) through the processor',
      load: async () => (await import('./replay.ts')).replayFile,
    },
  ],
  [
    'ledger verify',
    {
      usage: 'ledger verify',
      about: 'checks the ledger, the balances and ClickHouse; exits 1 on a violation',
      load: async () => (await import('./ledger-verify.ts')).ledgerVerify,
    },
  ],
  [
    'settlement',
    {
      usage: 'settlement --from DATE --to DATE [--json]',
      about: 'prints what the partners owe each other for a period, from the ledger',
      load: async () => (await import('./settlement.ts')).settlement,
    },
  ],
  [
    'rules check',
    {
      usage: 'rules check FILE',
      about: 'checks a rule set and tells every problem with its place',
      load: async () => (await import('./rules.ts')).rulesCheck,
    },
  ],
  [
    'rules show',
    {
      usage: 'rules show FILE',
      about: 'shows the compiled rule set: tree, index, hash and cost',
      load: async () => (await import('./rules.ts')).rulesShow,
    },
  ],
  [
    'rules apply',
    {
      usage: 'rules apply [FILE|VERSION] [--author NAME] [--note TEXT]',
      about: 'makes a file, a version or the working copy current',
      load: async () => (await import('./rules-apply.ts')).rulesApply,
    },
  ],
  [
    'members import',
    {
      usage: 'members import FILE.csv[.gz] [--name NAME] [--enrol]',
      about: 'brings in balances of another system, each lot with its own expiry',
      load: async () => (await import('./members-import.ts')).membersImport,
    },
  ],
  [
    'nats configure',
    {
      usage: 'nats configure [--stores FILE] [--out FOLDER]',
      about: 'writes a nats-server configuration with keys and permissions for each store',
      load: async () => (await import('./nats-configure.ts')).natsConfigure,
    },
  ],
  [
    'rules draft',
    {
      usage: 'rules draft [FILE] [--base VERSION]',
      about: 'shows the working copy, or brings the changes of a file into it',
      load: async () => (await import('./rules-versions.ts')).rulesDraft,
    },
  ],
  [
    'rules revert',
    {
      usage: 'rules revert [--only NODE]',
      about: 'sets the working copy back to what is current',
      load: async () => (await import('./rules-versions.ts')).rulesRevert,
    },
  ],
  [
    'rules diff',
    {
      usage: 'rules diff FROM [TO]',
      about: 'tells what differs between two versions, files, current or draft',
      load: async () => (await import('./rules-versions.ts')).rulesDiff,
    },
  ],
  [
    'rules history',
    {
      usage: 'rules history [--last N]',
      about: 'shows what was current when, the versions and what is planned',
      load: async () => (await import('./rules-history.ts')).rulesHistory,
    },
  ],
  [
    'rules rollback',
    {
      usage: 'rules rollback [VERSION]',
      about: 'makes what was current before current again',
      load: async () => (await import('./rules-versions.ts')).rulesRollback,
    },
  ],
  [
    'rules schedule',
    {
      usage: 'rules schedule VERSION INSTANT | --cancel NUMBER',
      about: 'makes a version current at an instant',
      load: async () => (await import('./rules-schedule.ts')).rulesSchedule,
    },
  ],
  [
    'rules stop',
    {
      usage: 'rules stop PROMOTION --note WHY',
      about: 'takes one promotion out at once',
      load: async () => (await import('./rules-versions.ts')).rulesStop,
    },
  ],
  [
    'rules clone',
    {
      usage: 'rules clone NODE [--id ID] [--to GROUP]',
      about: 'copies a promotion or group, with all in it, as a draft',
      load: async () => (await import('./rules-nodes.ts')).rulesClone,
    },
  ],
  [
    'rules move',
    {
      usage: 'rules move NODE --to GROUP [--after NODE]',
      about: 'moves a promotion or group, with all in it',
      load: async () => (await import('./rules-nodes.ts')).rulesMove,
    },
  ],
  [
    'rules activate',
    {
      usage: 'rules activate NODE…',
      about: 'switches promotions and groups on, with what they had stopped',
      load: async () => (await import('./rules-nodes.ts')).rulesSwitch('active', 'activate'),
    },
  ],
  [
    'rules deactivate',
    {
      usage: 'rules deactivate NODE…',
      about: 'switches them off, with everything in a group',
      load: async () => (await import('./rules-nodes.ts')).rulesSwitch('inactive', 'deactivate'),
    },
  ],
  [
    'rules end',
    {
      usage: 'rules end NODE…',
      about: 'ends promotions for good',
      load: async () => (await import('./rules-nodes.ts')).rulesSwitch('ended', 'end'),
    },
  ],
  [
    'rules archive',
    {
      usage: 'rules archive NODE…',
      about: 'archives groups',
      load: async () => (await import('./rules-nodes.ts')).rulesSwitch('archived', 'archive'),
    },
  ],
  [
    'rules delete',
    {
      usage: 'rules delete NODE',
      about: 'takes a node out of the working copy',
      load: async () => (await import('./rules-nodes.ts')).rulesDelete,
    },
  ],
  [
    'rules approve',
    {
      usage: 'rules approve VERSION --author NAME',
      about: 'approves a version as a second person',
      load: async () => (await import('./rules-nodes.ts')).rulesApprove,
    },
  ],
  [
    'rules export',
    {
      usage: 'rules export [VERSION|current|draft] [--json]',
      about: 'writes a version as YAML or JSON',
      load: async () => (await import('./rules-versions.ts')).rulesExport,
    },
  ],
  [
    'rules import',
    {
      usage: 'rules import FILE [--base VERSION]',
      about: 'makes a file a version that is not current yet',
      load: async () => (await import('./rules-versions.ts')).rulesImport,
    },
  ],
  [
    'regions launch',
    {
      usage: 'regions launch REGION --campaigns A,B',
      about: 'makes a region with its campaigns live',
      load: async () => (await import('./regions-launch.ts')).regionsLaunch,
    },
  ],
  [
    'tokens create',
    {
      usage: 'tokens create --name NAME --role ROLE [--stores A,B]',
      about: 'makes a token for the HTTP gateway and shows it once',
      load: async () => (await import('./tokens.ts')).tokensCreate,
    },
  ],
  [
    'tokens list',
    {
      usage: 'tokens list',
      about: 'lists who holds tokens',
      load: async () => (await import('./tokens.ts')).tokensList,
    },
  ],
  [
    'tokens revoke',
    {
      usage: 'tokens revoke ID',
      about: 'ends a token at once',
      load: async () => (await import('./tokens.ts')).tokensRevoke,
    },
  ],
  [
    'users create',
    {
      usage: 'users create ID --name NAME --role ROLE [--areas A,B]',
      about: 'lets a person log in; prints their one-time link',
      load: async () => (await import('./users.ts')).usersCreate,
    },
  ],
  [
    'users list',
    {
      usage: 'users list',
      about: 'lists who may log in',
      load: async () => (await import('./users.ts')).usersList,
    },
  ],
  [
    'users disable',
    {
      usage: 'users disable ID',
      about: 'lets a person log in no more, and ends their sessions',
      load: async () => (await import('./users.ts')).usersDisable,
    },
  ],
  [
    'users enable',
    {
      usage: 'users enable ID',
      about: 'lets a disabled person log in again',
      load: async () => (await import('./users.ts')).usersEnable,
    },
  ],
  [
    'users reset',
    {
      usage: 'users reset ID',
      about: 'ends a password and all sessions; prints a new one-time link',
      load: async () => (await import('./users.ts')).usersReset,
    },
  ],
  [
    'areas set',
    {
      usage: 'areas set NAME [--stores A,B]',
      about: 'says which stores an area has; with none it is gone',
      load: async () => (await import('./areas.ts')).areasSet,
    },
  ],
  [
    'areas list',
    {
      usage: 'areas list',
      about: 'lists the areas and their stores',
      load: async () => (await import('./areas.ts')).areasList,
    },
  ],
  [
    'audit list',
    {
      usage: 'audit list [--last N]',
      about: 'shows who did what and what was refused',
      load: async () => (await import('./audit.ts')).auditList,
    },
  ],
  [
    'audit verify',
    {
      usage: 'audit verify [--mirror]',
      about: 'checks that nobody edited the audit list, or its copy; exits 1 if so',
      load: async () => (await import('./audit.ts')).auditVerify,
    },
  ],
  [
    'replay-decision',
    {
      usage: 'replay-decision TRANSACTION [--version N]',
      about: 'decides a recorded transaction again, by its own version or another',
      load: async () => (await import('./replay-decision.ts')).replayDecisionCommand,
    },
  ],
  [
    'evaluate',
    {
      usage: 'evaluate --rules FILE --checkout FILE|- [--member FILE] [--at INSTANT] [--explain]',
      about: 'decides one checkout with a rule file and prints the outcome',
      load: async () => (await import('./evaluate.ts')).evaluate,
    },
  ],
  [
    'test',
    {
      usage: 'test FILE|- [--rules FILE | --rule-set VERSION] [--member ID] [--at TIME] [--json]',
      about: 'tries an order on any version or file, and writes nothing',
      load: async () => (await import('./test-order.ts')).testCommand,
    },
  ],
  [
    'what-if',
    {
      usage: 'what-if --from TIME --to TIME [--rules FILE | --rule-set VERSION] [--json]',
      about: 'plays recorded traffic under another rule set and tells the differences',
      load: async () => (await import('./what-if.ts')).whatIfCommand,
    },
  ],
  [
    'conform',
    {
      usage: 'conform FILE…',
      about: 'runs conformance fixtures on both engines',
      load: async () => (await import('./conform.ts')).conform,
    },
  ],
]);

export function usage(): string {
  const width = Math.max(...[...COMMANDS.values()].map((command) => command.usage.length));
  const lines = [...COMMANDS.values()].map(
    (command) => `  ${command.usage.padEnd(Math.min(width, 40))}  ${command.about}\n`,
  );
  return (
    `usage: arbiter COMMAND [settings]\n\n${lines.join('')}\n` +
    'Settings are flags or variables; docs/reference/configuration.md lists them all.\n'
  );
}
