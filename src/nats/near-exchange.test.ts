import { expect, test } from 'vitest';
import { NearExchange, type Question } from './near-exchange.ts';

const data = Buffer.from('{}');

test('a question reaches who answers its subject, and nobody once that has stopped', () => {
  const near = new NearExchange();
  const answers: unknown[] = [];
  const question: Question = {
    store: '',
    format: 'json',
    data,
    respond: (answer) => answers.push(answer),
  };
  const stop = near.serve('quote.3', ({ respond }) => respond('an answer'));

  expect(near.ask('quote.3', question)).toBe(true);
  expect(near.ask('quote.4', question)).toBe(false);
  stop();
  expect(near.ask('quote.3', question)).toBe(false);
  expect(answers).toEqual(['an answer']);
});

test('an answer reaches the inbox of its prefix only', () => {
  const near = new NearExchange();
  const taken: string[] = [];
  expect(near.deliver('_INBOX.a.answer.1', data)).toBe(false);

  const stop = near.receive('_INBOX.a', (_data, subject) => taken.push(subject));
  expect(near.deliver('_INBOX.a.answer.1', data)).toBe(true);
  expect(near.deliver('_INBOX.b.answer.1', data)).toBe(false);
  expect(near.deliver('answer', data)).toBe(false);
  stop();
  expect(near.deliver('_INBOX.a.answer.2', data)).toBe(false);
  expect(taken).toEqual(['_INBOX.a.answer.1']);
});
