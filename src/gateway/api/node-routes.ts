import type { NodeEdit, RuleCommand, SwitchTo } from '../../../ops/rules/commands.ts';
import { ABSENT, nodeTag } from '../../../ops/rules/node-tag.ts';
import { type Content, inOrder, isContent, type OutlineNode } from '../../../ops/rules/outline.ts';
import { runs, stateOf } from '../../../ops/rules/switch-nodes.ts';
import { ASK_AGAIN, isKnown, matchOf, ruleSetNamed, VARY, visibleOutline } from './documents.ts';
import { NODE_SCHEMAS as SCHEMAS } from './node-schemas.ts';
import { by } from './orders.ts';
import { done } from './refusals.ts';
import { type Answer, type ApiRoute, type Ask, fail } from './route.ts';
import type { RuleApiPorts } from './rule-ports.ts';
import { changesSaid, fieldIn, listIn, textIn } from './said.ts';

const NODES = '/api/v1/working-copy/nodes';
const NODE = `${NODES}/:kind/:id`;
const PAGE_DEFAULT = 100;

/** Promotions, groups, places and the other parts of the working copy, one by one. */
export function nodeRoutes(ports: RuleApiPorts): readonly ApiRoute[] {
  const reading = { method: 'GET', permission: 'rules.read' } as const;
  const editing = { permission: 'rules.edit' } as const;
  const post = (url: string, schema: object, order: (ask: Ask) => NodeEdit): ApiRoute => ({
    ...editing,
    method: 'POST',
    url,
    schema,
    answer: (ask) => edit(ports, ask, order(ask)),
  });
  return [
    { ...reading, url: NODES, schema: SCHEMAS.list, answer: (ask) => list(ports, ask) },
    { ...reading, url: NODE, schema: SCHEMAS.find, answer: (ask) => find(ports, ask) },
    { ...editing, method: 'PUT', url: NODE, schema: SCHEMAS.put, answer: (ask) => put(ports, ask) },
    {
      ...editing,
      method: 'DELETE',
      url: NODE,
      schema: SCHEMAS.remove,
      answer: (ask) =>
        edit(ports, ask, { command: 'delete', node: nameIn(ask), match: matchOf(ask) }),
    },
    post(`${NODE}/clone`, SCHEMAS.clone, (ask) => ({
      command: 'clone',
      node: nameIn(ask),
      id: textIn(ask.body, 'id'),
      to: textIn(ask.body, 'to'),
    })),
    post(`${NODE}/move`, SCHEMAS.move, (ask) => ({
      command: 'move',
      node: nameIn(ask),
      to: textIn(ask.body, 'to') ?? '',
      after: textIn(ask.body, 'after'),
    })),
    ...Object.entries(SWITCHES).map(([url, state]) =>
      post(`${NODE}/${url}`, SCHEMAS.switchOne, (ask) => ({
        command: 'switch',
        nodes: [nameIn(ask)],
        state,
      })),
    ),
    post('/api/v1/working-copy/switches', SCHEMAS.switchMany, ({ body }) => ({
      command: 'switch',
      nodes: listIn(body, 'nodes') ?? [],
      state: SWITCHES[textIn(body, 'action') ?? ''] ?? 'inactive',
    })),
  ];
}

const SWITCHES: Readonly<Record<string, SwitchTo>> = {
  activate: 'active',
  deactivate: 'inactive',
  end: 'ended',
  archive: 'archived',
};

/** `point-type/main` names the node `point type main`. */
function nameIn({ params }: Ask): string {
  const { kind = '', id = '' } = params;
  if (kind === 'program') return 'program';
  if (kind === 'rest') return 'rest of the document';
  return `${kind.replace('-', ' ')} ${id}`;
}

async function outlineSeen({ rules }: RuleApiPorts, { caller }: Ask) {
  const { document } = await ruleSetNamed(rules, 'working');
  return visibleOutline(document, caller);
}

async function list(ports: RuleApiPorts, ask: Ask): Promise<Answer> {
  const { query } = ask;
  const outline = await outlineSeen(ports, ask);
  const kind = textIn(query, 'kind')?.replace('-', ' ');
  const search = textIn(query, 'search')?.toLowerCase() ?? '';
  const fits = (node: OutlineNode): boolean =>
    (kind === undefined || node.kind === kind) &&
    (query['parent'] === undefined || node.parent === query['parent']) &&
    (query['state'] === undefined || stateOf(node) === query['state']) &&
    (search === '' || `${node.id} ${String(node.content['title'])}`.toLowerCase().includes(search));
  const nodes = [...inOrder(outline)].filter(fits);
  const after = textIn(query, 'after');
  const from = after === undefined ? 0 : nodes.findIndex(({ name }) => name === after) + 1;
  if (after !== undefined && from === 0) {
    fail(410, 'page-gone', 'What this page begins behind is gone: begin with the first page.');
  }
  const limit = Number(query['limit'] ?? PAGE_DEFAULT);
  const page = nodes.slice(from, from + limit);
  const isMore = from + limit < nodes.length;
  const body = {
    nodes: page.map((node) => summary(node, runs(outline, node))),
    total: nodes.length,
    next: isMore ? page.at(-1)?.name : null,
  };
  return { body };
}

function summary(node: OutlineNode, isRunning: boolean) {
  const { name, kind, id, parent, content } = node;
  const isOfTree = kind === 'promotion' || kind === 'group';
  const tree = isOfTree ? { state: stateOf(node), runs: isRunning } : {};
  const said = { title: content['title'], type: content['type'] };
  return { node: name, kind, id, parent, ...said, ...tree, etag: `"${nodeTag(node)}"` };
}

async function find(ports: RuleApiPorts, ask: Ask): Promise<Answer> {
  const outline = await outlineSeen(ports, ask);
  const node = outline.nodes.get(nameIn(ask));
  if (!node) fail(404, 'unknown-node', `There is no ${nameIn(ask)}.`);
  const etag = `"${nodeTag(node)}"`;
  const headers = { etag, 'cache-control': ASK_AGAIN, vary: VARY };
  if (isKnown(ask, etag)) return { status: 304, headers };
  return { headers, body: { ...summary(node, runs(outline, node)), content: node.content } };
}

async function put(ports: RuleApiPorts, ask: Ask): Promise<Answer> {
  const content = contentIn(ask.body);
  const to = textIn(ask.body, 'to');
  const isNew = ask.headers['if-none-match'] === '*';
  const match = isNew ? ABSENT : matchOf(ask);
  const answer = await edit(ports, ask, { command: 'put', node: nameIn(ask), content, to, match });
  return isNew ? { ...answer, status: 201 } : answer;
}

function contentIn(body: unknown): Content {
  const content = fieldIn(body, 'content');
  return isContent(content) ? content : {};
}

/** Carries an edit out, and tells what the node is now. */
async function edit(ports: RuleApiPorts, ask: Ask, order: NodeEdit): Promise<Answer> {
  const command: RuleCommand = { ...order, ...by(ask) };
  const result = await ports.perform(command);
  const isSame = !result.ok && result.code === 'nothing-changed';
  const changes = isSame ? [] : done(result, { matching: isMatched(order) }).changes;
  const outline = await outlineSeen(ports, ask);
  const made = order.command === 'clone' ? changes?.[0]?.node.name : undefined;
  const name = made ?? (order.command === 'switch' ? order.nodes[0] : nameIn(ask));
  const node = outline.nodes.get(name ?? '');
  const said = { ...changesSaid(changes), node: node && summary(node, runs(outline, node)) };
  const headers = node ? { etag: `"${nodeTag(node)}"` } : {};
  return { status: made === undefined ? 200 : 201, headers, body: said };
}

const isMatched = ({ command }: NodeEdit) =>
  command === 'put' || command === 'delete' || command === 'replace';
