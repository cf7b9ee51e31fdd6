import { describe, expect, test } from 'vitest';
import { mayBeAnswered, storeOf, tillInbox } from './senders.ts';

describe('the sender of a message', () => {
  test('is the store that the server put at the end of the subject', () => {
    expect(storeOf('tx.3.almaty-12')).toBe('almaty-12');
    expect(storeOf('quote.15.almaty-12')).toBe('almaty-12');
  });

  test('is one of our own services where the subject names no store', () => {
    expect(storeOf('tx.3')).toBe('');
    expect(storeOf('quote.3')).toBe('');
  });
});

describe('an answer', () => {
  test('goes to an inbox', () => {
    expect(mayBeAnswered('_INBOX.AbC.1', '')).toBe(true);
  });

  test.each(['tx.3', '$JS.API.STREAM.PURGE.TX-3', '$KV.rules.v1', 'dead.1', '_INBOXES.a', ''])(
    'never goes to `%s`',
    (subject) => {
      expect(mayBeAnswered(subject, '')).toBe(false);
    },
  );

  test('goes to the inbox of a gateway that speaks for a store', () => {
    expect(mayBeAnswered('_INBOX.AbC.1', 's-1')).toBe(true);
  });

  test('for a till goes to no inbox of another store', () => {
    expect(mayBeAnswered(`${tillInbox('s-1')}.x`, 's-1')).toBe(true);
    expect(mayBeAnswered(`${tillInbox('s-1')}.x`, 's-11')).toBe(false);
    expect(mayBeAnswered(`${tillInbox('s-11')}.x`, 's-1')).toBe(false);
    expect(mayBeAnswered(`${tillInbox('s-1')}.x`, '')).toBe(false);
  });
});
