import type { Launch } from '../../../ops/rules/commands.ts';
import { isContent } from '../../../ops/rules/outline.ts';
import { by } from './orders.ts';
import { done } from './refusals.ts';
import type { Answer, ApiRoute, Ask } from './route.ts';
import type { RuleApiPorts } from './rule-ports.ts';
import { changesSaid, fieldIn, listIn, textIn } from './said.ts';
import * as schema from './schema.ts';
import { warningsOf } from './warnings.ts';

const { changes, json, list, name, object } = schema;
const CAMPAIGNS_MAX = 1_000;

const PLACE = {
  type: 'object',
  required: ['id'],
  maxProperties: 50,
  properties: { id: name('Of the store.') },
  description: 'A place as a rule set writes it: `id`, `partner`, `location` …',
};

const LAUNCH = changes({
  tag: 'regions',
  summary: 'A region with its campaigns is live in one step',
  description:
    'Adds the region and its `stores` where they are new, ticks `campaigns` for it with the ' +
    '`parameters` that differ there, and makes that current. The rest does not run there, or ' +
    'with `others: leave` does what it did.',
  params: { region: name('Id of the region.') },
  body: object(
    {
      parent: name('Of a new region: the place it lies in.'),
      zone: name('Of a new region: its IANA zone, where it differs.'),
      stores: list(PLACE, 'New places in the region.', 10_000),
      campaigns: list(name('Id of a promotion.'), 'What runs there.', CAMPAIGNS_MAX),
      parameters: {
        type: 'object',
        maxProperties: CAMPAIGNS_MAX,
        additionalProperties: { type: 'object' },
        description: 'What differs there, by promotion.',
      },
      others: { type: 'string', enum: ['off', 'leave'], description: '`off` when left out.' },
      note: schema.note,
    },
    {
      required: ['campaigns'],
      example: {
        parent: 'kz',
        stores: [{ id: 'west-1', partner: 'fuel-co' }],
        campaigns: ['dairy-days-15', 'base-points'],
        parameters: { 'dairy-days-15': { percent: 12 } },
      },
    },
  ),
  answers: { 201: json('What became current, with warnings.') },
});

/** Launching a region. */
export function regionRoutes(ports: RuleApiPorts): readonly ApiRoute[] {
  return [
    {
      method: 'POST',
      url: '/api/v1/regions/:region/launch',
      permission: 'rules.apply',
      schema: LAUNCH,
      answer: (ask) => launch(ports, ask),
    },
  ];
}

async function launch(ports: RuleApiPorts, ask: Ask): Promise<Answer> {
  const result = done(await ports.perform({ command: 'launch', ...launchOf(ask), ...by(ask) }));
  const { act, version } = result;
  return {
    status: 201,
    headers: { location: `/api/v1/activations/${act?.number}` },
    body: {
      activation: act?.number,
      ruleSet: version,
      ...changesSaid(result.changes),
      ...(await warningsOf(ports, version?.version)),
    },
  };
}

function launchOf({ params, body }: Ask): Launch {
  const [parent, zone] = [textIn(body, 'parent'), textIn(body, 'zone')];
  const stores = fieldIn(body, 'stores');
  const parameters = fieldIn(body, 'parameters');
  const given = isContent(parameters) ? Object.entries(parameters) : [];
  return {
    region: {
      id: params['region'] ?? '',
      ...(parent === undefined ? {} : { parent }),
      ...(zone === undefined ? {} : { zone }),
    },
    stores: Array.isArray(stores) ? stores.filter(isContent) : [],
    campaigns: listIn(body, 'campaigns') ?? [],
    parameters: Object.fromEntries(
      given.flatMap(([promotion, one]) => (isContent(one) ? [[promotion, one] as const] : [])),
    ),
    others: textIn(body, 'others') === 'leave' ? 'leave' : 'off',
  };
}
