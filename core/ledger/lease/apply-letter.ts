import type { Moment } from '../state.ts';
import { accepted, rejected, type Verdict } from '../verdict.ts';
import { minus, NOTHING } from './amounts.ts';
import { note, serve, setLimits, spentOf } from './budget.ts';
import { type BudgetBook, letGoAt } from './budget-book.ts';
import { receive } from './lease.ts';
import type { LeaseLetter } from './letter.ts';
import type { WaitingRoom } from './waiting-room.ts';

export interface BudgetState {
  readonly budgets: BudgetBook;
  readonly waitingRoom: WaitingRoom;
}

/** Applies a letter about a shared budget: one that came, or the record of one that goes out. */
export function applyLetter(state: BudgetState, letter: LeaseLetter, moment: Moment): Verdict {
  const { budgets } = state;
  // A partition may hear of a budget before it has a rule set of its own.
  const said = accepted({ ruleSet: { version: letter.version, hash: '' } });
  // It has its effect where it is for; here it is only on record, to be sent from the ledger.
  if (letter.from === budgets.partition && letter.to !== budgets.partition) return said;
  if (letter.to !== budgets.partition || letter.from >= budgets.partitions) {
    return rejected('wrong-partition', '/to', `this letter is for partition ${letter.to}`);
  }
  const home = budgets.homeOf(letter.budget);
  const isToHome = letter.act === 'ask' || letter.act === 'surrender';
  if (home !== (isToHome ? letter.to : letter.from)) {
    const message = `the home of this budget is partition ${home}`;
    return rejected('wrong-partition', '/budget', message);
  }
  const gone = letGoAt(letter.until);
  const isOver = gone !== undefined && gone <= moment.acceptedAt;
  if (isToHome && isOver && !budgets.findHome(letter.budget)) afterEnd(budgets, letter);
  else if (isToHome) atHome(state, letter);
  // A lease that was let go is not begun again: nobody could spend of it.
  else if (!isOver || budgets.find(letter.budget)) atHolder(state, letter, moment);
  return said;
}

/** The budget was let go with its period: nothing is left of it for whoever comes so late. */
function afterEnd(budgets: BudgetBook, letter: LeaseLetter): void {
  if (letter.act !== 'ask') return;
  const { budget, limits, version, until, from: to } = letter;
  const nothing = { amounts: NOTHING, ahead: NOTHING, held: NOTHING, used: NOTHING };
  const answer = { act: 'grant', to, exhausted: true, recalled: false } as const;
  budgets.letters.push({ ...answer, ...nothing, budget, limits, version, until });
}

function atHome({ budgets }: BudgetState, letter: LeaseLetter): void {
  const budget = budgets.home(letter.budget, letter);
  setLimits(budget, letter);
  budgets.endsAt(budget, letter.until ?? budget.until);
  const share = note(budget, letter);
  if (letter.act === 'surrender') {
    share.out = minus(share.out, letter.amounts);
    // Who answers a recall keeps nothing unspent, so there is nothing more to recall from it.
    if (letter.recalled) share.spent = share.out;
    if (letter.recalled) share.recalled = false;
  } else {
    budget.queue.push({ partition: letter.from, need: letter.amounts, ahead: letter.ahead });
  }
  const { limits, version, until } = budget;
  const used = spentOf(budget);
  for (const message of serve(budget)) {
    const { act, to } = message;
    const { amounts, exhausted } =
      message.act === 'grant' ? message : { amounts: NOTHING, exhausted: false };
    const terms = { budget: budget.budget, limits, version, until };
    budgets.letters.push({
      ...{ act, to, amounts, exhausted, ...terms },
      ...{ ahead: NOTHING, held: NOTHING, used, recalled: false },
    });
  }
}

function atHolder(
  { budgets, waitingRoom }: BudgetState,
  letter: LeaseLetter,
  moment: Moment,
): void {
  // Terms of the sender may be older than ours; an older version changes nothing.
  const lease = budgets.open(letter.budget, letter);
  budgets.endsAt(lease, letter.until ?? lease.until);
  if (letter.act === 'recall') {
    budgets.recalls.add(lease.budget);
    return;
  }
  const { amounts, exhausted } = letter;
  receive(lease, { amounts, exhausted, at: moment.acceptedAt });
  waitingRoom.release(lease);
  budgets.touch(lease);
}
