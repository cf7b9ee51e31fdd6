const POUNDS = /^(-?)(\d{1,9})(?:\.(\d{1,9}))?$/;

/**
 * Pounds as decimal text to whole pence, digit by digit and not through a binary fraction.
 * Fractions of a penny are rounded half up (away from zero), and said to have been.
 */
export function readPence(
  text: string,
): { readonly pence: number; readonly isRounded: boolean } | undefined {
  const match = POUNDS.exec(text);
  if (match === null) return undefined;
  const [, sign = '', pounds = '', fraction = ''] = match;
  const digits = fraction.padEnd(3, '0');
  const roundUp = digits.charCodeAt(2) >= '5'.charCodeAt(0) ? 1 : 0;
  const pence = Number(pounds) * 100 + Number(digits.slice(0, 2)) + roundUp;
  const isRounded = /[1-9]/.test(digits.slice(2));
  // `0 −` would make a negative zero of "-0.00".
  return { pence: sign === '-' ? 0 - pence : pence, isRounded };
}
