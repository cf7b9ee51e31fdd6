import { changesBetween } from '../../../ops/rules/changes.ts';
import type { RuleSetVersion } from '../../../ops/rules/version.ts';
import { RULE_SET_BYTES_MAX } from '../../rules/rule-books.ts';
import {
  ASK_AGAIN,
  documentAnswer,
  FOREVER,
  isKnown,
  ruleSetNamed,
  VARY,
  versionNamed,
  visibleOutline,
} from './documents.ts';
import { by } from './orders.ts';
import { numberedPage } from './pages.ts';
import { approvalFor, isOfPartners, versionFor } from './partner-answers.ts';
import { done } from './refusals.ts';
import type { Answer, ApiRoute, Ask } from './route.ts';
import type { RuleApiPorts } from './rule-ports.ts';
import { RULE_SET_SCHEMAS as SCHEMAS } from './rule-set-schemas.ts';
import { changesSaid, fieldIn, numberIn } from './said.ts';

const VERSIONS = '/api/v1/rule-sets';
/** A document, and room for what is around it. */
const BODY_BYTES = RULE_SET_BYTES_MAX + (64 << 10);

/** Versions: listed, read, compared, checked, published and approved. */
export function ruleSetRoutes(ports: RuleApiPorts): readonly ApiRoute[] {
  const { rules } = ports;
  const reading = { method: 'GET', permission: 'rules.read' } as const;
  return [
    { ...reading, url: VERSIONS, schema: SCHEMAS.list, answer: (ask) => list(ports, ask) },
    {
      ...reading,
      url: `${VERSIONS}/:version`,
      schema: SCHEMAS.find,
      answer: async (ask) => {
        const { version: named = '' } = ask.params;
        const version = await versionNamed(rules, named);
        const form = isOfPartners(ask.caller) ? 'partner' : version.content;
        const etag = `"${form}-${version.version}"`;
        const cache = named === 'current' ? ASK_AGAIN : FOREVER;
        const headers = { etag, 'cache-control': cache, vary: VARY };
        if (isKnown(ask, etag)) return { status: 304, headers };
        return { headers, body: versionFor(ask.caller, version) };
      },
    },
    {
      ...reading,
      url: `${VERSIONS}/:version/document`,
      schema: SCHEMAS.document,
      answer: async (ask) => {
        const { version: named = '' } = ask.params;
        const { version, document } = await ruleSetNamed(rules, named);
        const head = `version ${version.version}, base ${version.version}`;
        const cache = named === String(version.version) ? FOREVER : ASK_AGAIN;
        const content = named === 'working' ? {} : { content: version.content };
        const { writeYaml } = ports;
        return documentAnswer(ask, { document, ...content, head, cache, writeYaml });
      },
    },
    {
      ...reading,
      url: `${VERSIONS}/:version/diff`,
      schema: SCHEMAS.diff,
      answer: (ask) => difference(ports, ask),
    },
    {
      ...reading,
      url: `${VERSIONS}/:version/check`,
      // The checkouts that show a conflict tell of everybody's campaigns.
      permission: 'rules.try',
      schema: SCHEMAS.check,
      answer: async ({ params }) => {
        const { document } = await ruleSetNamed(rules, params['version'] ?? '');
        return checked(ports, document);
      },
    },
    {
      method: 'POST',
      url: '/api/v1/rule-set-checks',
      permission: 'rules.try',
      schema: SCHEMAS.checkDocument,
      bodyBytes: BODY_BYTES,
      answer: ({ body }) => checked(ports, fieldIn(body, 'document')),
    },
    {
      method: 'POST',
      url: VERSIONS,
      permission: 'rules.edit',
      schema: SCHEMAS.publish,
      bodyBytes: BODY_BYTES,
      answer: (ask) => publish(ports, ask),
    },
    ...approvalRoutes(ports),
  ];
}

async function list({ rules: { books } }: RuleApiPorts, { query, caller }: Ask): Promise<Answer> {
  const [latest, last] = await Promise.all([books.latest(), books.lastAct()]);
  const page = await numberedPage(query, latest, (number) => books.version(number));
  const current = last?.version ?? null;
  const ruleSets = page.rows.map((one) => versionFor(caller, one));
  return { body: { ruleSets, current, next: page.next } };
}

async function difference({ rules }: RuleApiPorts, ask: Ask): Promise<Answer> {
  const { params, query, caller } = ask;
  const from = await ruleSetNamed(rules, params['version'] ?? '');
  const to = await ruleSetNamed(rules, String(query['to'] ?? 'working'));
  const [before, after] = [from, to].map(({ document }) => visibleOutline(document, caller));
  const changes = before && after ? changesBetween(before, after) : [];
  const nodes = [...new Set(changes.map(({ node }) => node.name))];
  return { body: { from: from.name, to: to.name, ...changesSaid(changes), nodes } };
}

async function checked(ports: RuleApiPorts, document: unknown): Promise<Answer> {
  const diagnostics = await ports.check(document);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  return { body: { compiles: errors === 0, errors, warnings, diagnostics } };
}

async function publish({ perform }: RuleApiPorts, ask: Ask): Promise<Answer> {
  const { body } = ask;
  const order = {
    command: 'publish',
    document: fieldIn(body, 'document'),
    base: numberIn(body, 'base'),
    ...by(ask),
  } as const;
  const { version } = done(await perform(order));
  return created(version);
}

function created(version: RuleSetVersion | undefined): Answer {
  if (!version) return { status: 201 };
  const { version: number, content } = version;
  const headers = { location: `${VERSIONS}/${number}`, etag: `"${content}-${number}"` };
  return { status: 201, headers, body: version };
}

function approvalRoutes({ rules, perform }: RuleApiPorts): readonly ApiRoute[] {
  const url = `${VERSIONS}/:version/approvals`;
  const approvals = async (number: number) => (await rules.books.approvals(number))?.value ?? [];
  return [
    {
      method: 'GET',
      url,
      permission: 'rules.read',
      schema: SCHEMAS.approvals,
      answer: async ({ params, caller }) => {
        const { version } = await versionNamed(rules, params['version'] ?? '');
        const given = (await approvals(version)).map((one) => approvalFor(caller, one));
        return { body: { version, approvals: given } };
      },
    },
    {
      method: 'POST',
      url,
      permission: 'rules.approve',
      schema: SCHEMAS.approve,
      answer: async (ask) => {
        const { version } = await versionNamed(rules, ask.params['version'] ?? '');
        done(await perform({ command: 'approve', version, ...by(ask) }));
        return { status: 201, body: { version, approvals: await approvals(version) } };
      },
    },
  ];
}
