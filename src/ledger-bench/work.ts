/** How each does a part of the work: Arbiter, SQLite, PostgreSQL. */
const WAYS: readonly (readonly [part: string, ...ways: readonly string[]])[] = [
  ['', 'Arbiter', 'SQLite', 'PostgreSQL'],
  ['---', '---', '---', '---'],
  [
    'a batch is',
    'one LMDB transaction',
    'one transaction of prepared statements in this process',
    'one prepared statement with arrays over a unix socket: one round trip',
  ],
  [
    'durable by',
    '`fdatasync` of the changed pages, then the meta page through `O_DSYNC`',
    'write-ahead log, `synchronous = FULL`: one `fdatasync`',
    'write-ahead log, `synchronous_commit = on`: one `fdatasync`',
  ],
  ['same content', 'a digest of 16 bytes', 'compares the columns', 'compares the columns'],
  [
    'both sides',
    'one movement in a record, of which the two entries are derived',
    'two rows',
    'two rows',
  ],
  [
    'lots',
    "in the member's record",
    'a table: an upsert, or an update of each lot that a spend takes from',
    'a table: one upsert a batch, with window sums over the lots',
  ],
  [
    'a spend not covered',
    'rejected, and recorded with its reason',
    'the update finds no row; not recorded',
    'breaks a check, and with it the batch',
  ],
];

/** What the race is about, for its page. */
export const WORK = `## The work

One connection, thread and partition each, and nothing is sent before the batch before it is
answered. The clock runs from the bytes of the messages, lists of at most 512 postings in JSON, to
the bytes of their answers. Three of four postings give points to one of 10,000 members, the fourth
takes some. For each, everybody

- reads and checks the message;
- knows the id: the same posting again is answered \`exists\` with what it came to, another one
  under its id is a conflict and moves nothing. The race tries both with everybody before the laps;
- refuses a member that does not exist, and a spend that the balance does not cover;
- puts the points into the lot of their expiry (the end of a day a year from now), or takes them
  out of the lots, soonest expiry first;
- books both sides, keeps the balance, and answers with the balance before and after.

Afterwards the race compares the number of postings and the sum of all balances with what was sent.

## How each does it

${WAYS.map((row) => `| ${row.join(' | ')} |`).join('\n')}

Only Arbiter also keeps the transaction as it was sent, the rule set that was in force, a chain of
SHA-256 over all blocks, members with tiers, links, holds and limits, and its position in the log,
and it answers with all columns of the member's points. PostgreSQL has 512 MiB of shared buffers, a
write-ahead log of 4 GiB before a checkpoint, and pages half full where rows are updated; SQLite
has what it comes with.
`;
