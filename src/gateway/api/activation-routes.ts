import { isEverywhere } from '../../../ops/access/roles.ts';
import { schedules } from '../../../ops/rules/schedule.ts';
import { ACTIVATION_SCHEMAS as SCHEMAS } from './activation-schemas.ts';
import { by } from './orders.ts';
import { numberedPage } from './pages.ts';
import { actFor, planFor, versionFor } from './partner-answers.ts';
import { done } from './refusals.ts';
import { type Answer, type ApiRoute, type Ask, fail } from './route.ts';
import type { RuleApiPorts } from './rule-ports.ts';
import { changesSaid, listIn, numberIn, textIn } from './said.ts';
import { warningsOf } from './warnings.ts';

const ACTIVATIONS = '/api/v1/activations';
const SCHEDULES = '/api/v1/schedules';

/** What becomes current: at once, at an instant, or no longer. */
export function activationRoutes(ports: RuleApiPorts): readonly ApiRoute[] {
  const { rules } = ports;
  const reading = { method: 'GET', permission: 'rules.read' } as const;
  const acting = { permission: 'rules.apply' } as const;
  return [
    {
      ...reading,
      url: '/api/v1/active',
      schema: SCHEMAS.active,
      answer: (ask) => active(ports, ask),
    },
    {
      ...reading,
      url: ACTIVATIONS,
      schema: SCHEMAS.list,
      answer: async ({ query, caller }) => {
        const last = (await rules.books.lastAct())?.number ?? 0;
        const page = await numberedPage(query, last, (number) => rules.books.act(number));
        return {
          body: { activations: page.rows.map((one) => actFor(caller, one)), next: page.next },
        };
      },
    },
    {
      ...reading,
      url: `${ACTIVATIONS}/:number`,
      schema: SCHEMAS.find,
      answer: async ({ params, caller }) => ({
        body: await outcome(ports, caller, Number(params['number'])),
      }),
    },
    {
      ...acting,
      method: 'POST',
      url: ACTIVATIONS,
      schema: SCHEMAS.act,
      answer: (ask) => act(ports, ask),
    },
    ...scheduleRoutes(ports),
  ];
}

async function active({ rules }: RuleApiPorts, { caller }: Ask): Promise<Answer> {
  const last = await rules.books.lastAct();
  if (!last) return { body: { activation: null, ruleSet: null, schedules: [] } };
  const ruleSet = await rules.books.version(last.version);
  const waiting = (await schedules(rules)).filter(({ value }) => value.state === 'waiting');
  const planned = waiting.map(({ value }) => planFor(caller, value));
  const said = ruleSet && versionFor(caller, ruleSet);
  return { body: { activation: actFor(caller, last), ruleSet: said, schedules: planned } };
}

/** An act and how far it has come. Every transaction is decided by one version as a whole. */
async function outcome(ports: RuleApiPorts, caller: Ask['caller'], number: number) {
  const { books } = ports.rules;
  const [act, last, inLogs] = await Promise.all([
    books.act(number),
    books.lastAct(),
    ports.actsDone(),
  ]);
  if (!act || !last) return fail(404, 'unknown-activation', `There is no activation ${number}.`);
  const partitions = await ports.progress();
  if (last.number !== number) {
    // Later acts stand behind it in every log: where those are, this one has been.
    const state = inLogs >= number ? 'superseded' : 'running';
    return { ...actFor(caller, act), state, by: last.number };
  }
  const reached = partitions.map(({ partition, hash, version, since }) => {
    const isHere = hash === act.hash && version === act.version && inLogs >= number;
    return { partition, state: isHere ? 'active' : 'waiting', version, since };
  });
  const isInAll = reached.every(({ state }) => state === 'active');
  return {
    ...actFor(caller, act),
    state: isInAll ? 'active' : 'running',
    partitions: reached,
  };
}

async function act(ports: RuleApiPorts, ask: Ask): Promise<Answer> {
  const { body } = ask;
  const wanted = textIn(body, 'act');
  const version = numberIn(body, 'version');
  // The checkouts that show a conflict tell of everybody's campaigns.
  const isTold = wanted === 'apply' && isEverywhere(ask.caller);
  const warnings = isTold ? warningsOf(ports, version) : undefined;
  const result = done(await ports.perform(orderOf(ask)));
  const number = result.act?.number ?? 0;
  return {
    status: 201,
    headers: { location: `${ACTIVATIONS}/${number}` },
    body: {
      ...(await outcome(ports, ask.caller, number)),
      ruleSet: result.version,
      ...changesSaid(result.changes),
      ...(await warnings),
    },
  };
}

function orderOf(ask: Ask) {
  const { body } = ask;
  const version = numberIn(body, 'version');
  const only = listIn(body, 'only');
  switch (textIn(body, 'act')) {
    case 'apply':
      if (version !== undefined && only) {
        fail(400, 'invalid-request', '`only` is of the working copy: leave `version` out.');
      }
      return { command: 'apply', version, only, ...by(ask) } as const;
    case 'rollback':
      return { command: 'rollback', version, ...by(ask) } as const;
    default: {
      const promotion = textIn(body, 'promotion');
      if (promotion === undefined) fail(400, 'invalid-request', 'Say which `promotion` to stop.');
      return { command: 'stop', promotion, ...by(ask) } as const;
    }
  }
}

function scheduleRoutes({ rules, perform }: RuleApiPorts): readonly ApiRoute[] {
  return [
    {
      method: 'GET',
      url: SCHEDULES,
      permission: 'rules.read',
      schema: SCHEMAS.schedules,
      answer: async ({ query, caller }) => {
        const { books } = rules;
        const get = async (number: number) => (await books.scheduled(number))?.value;
        const page = await numberedPage(query, await books.lastSchedule(), get);
        return {
          body: { schedules: page.rows.map((one) => planFor(caller, one)), next: page.next },
        };
      },
    },
    {
      method: 'GET',
      url: `${SCHEDULES}/:number`,
      permission: 'rules.read',
      schema: SCHEMAS.schedule,
      answer: async ({ params, caller }) => {
        const held = await rules.books.scheduled(Number(params['number']));
        if (held) return { body: planFor(caller, held.value) };
        return fail(404, 'unknown-schedule', `There is no schedule ${params['number']}.`);
      },
    },
    {
      method: 'POST',
      url: SCHEDULES,
      permission: 'rules.apply',
      schema: SCHEMAS.plan,
      answer: async (ask) => {
        const version = numberIn(ask.body, 'version') ?? 0;
        const due = instantIn(textIn(ask.body, 'due') ?? '');
        const result = done(await perform({ command: 'schedule', version, due, ...by(ask) }));
        const { schedule } = result;
        const headers = { location: `${SCHEDULES}/${schedule?.number}` };
        return { status: 201, headers, body: schedule && planFor(ask.caller, schedule) };
      },
    },
    {
      method: 'DELETE',
      url: `${SCHEDULES}/:number`,
      permission: 'rules.apply',
      schema: SCHEMAS.cancel,
      answer: async (ask) => {
        const schedule = Number(ask.params['number']);
        const result = done(await perform({ command: 'unschedule', schedule, ...by(ask) }));
        return { body: result.schedule && planFor(ask.caller, result.schedule) };
      },
    },
  ];
}

function instantIn(written: string): number {
  const instant = Date.parse(written);
  if (!Number.isNaN(instant)) return instant;
  const detail = 'Write `due` with an offset, like `2026-12-01T00:00:00+05:00`.';
  return fail(400, 'invalid-request', detail, { path: '/due' });
}
