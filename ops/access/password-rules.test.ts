import { describe, expect, test } from 'vitest';
import { hashPassword, isPassword } from './password-hash.ts';
import { passwordProblem } from './password-rules.ts';

describe('a password', () => {
  test.each([
    ['eleven char', 'password-too-short'],
    ['🦉'.repeat(11), 'password-too-short'],
    ['x1'.repeat(65), 'password-too-long'],
    ['password1234', 'password-too-common'],
    ['PasswordPassword', 'password-too-common'],
    ['Arbiter-Admin-2026!', 'password-too-common'],
    ['1qaz2wsx3edc', 'password-too-common'],
    ['123456789012', 'password-too-common'],
    ['abcdefghijklmnop', 'password-too-common'],
    ['aaaaaaaaaaaaaaaa', 'password-too-common'],
    ['abcabcabcabcabc', 'password-too-common'],
    ['iloveyou!!2024', 'password-too-common'],
    ['annabelle.smith', 'password-too-common'],
    ['annabelle2026!', 'password-too-common'],
  ])('like `%s` is refused: %s', (password, problem) => {
    expect(passwordProblem(password, 'annabelle.smith')).toBe(problem);
  });

  test.each([
    'seven quiet otters at dusk',
    'тихая река под мостом',
    'kTz7-qLp2-vXn9',
    ' leading and trailing ',
    'correct horse battery staple',
    '🦉🦊🐢 three animals meet',
  ])('like `%s` is taken, whatever it is made of', (password) => {
    expect(passwordProblem(password, 'ann')).toBeUndefined();
  });
});

describe('the hash of a password', () => {
  test('knows it again, and only it, exactly as it came', async () => {
    const kept = await hashPassword('seven quiet otters');
    expect(kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await isPassword('seven quiet otters', kept)).toBe(true);
    expect(await isPassword('Seven quiet otters', kept)).toBe(false);
    expect(await isPassword('seven quiet otters ', kept)).toBe(false);
  });

  test('is another each time', async () => {
    expect(await hashPassword('same words')).not.toBe(await hashPassword('same words'));
  });

  test('that is none proves nothing', async () => {
    for (const kept of ['', 'plain', '$argon2id$v=19$m=9999999,t=99,p=1$AAAA$AAAA']) {
      expect(await isPassword('anything', kept)).toBe(false);
    }
  });
});
