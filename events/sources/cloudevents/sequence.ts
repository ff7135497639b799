// How does a CloudEvent's sequence become text whose plain comparison is the source's order?
import { decimalOf } from '../sourceJson.ts';

/** The most characters that an envelope's `sourceSeq` has. */
export const longestSequence = 128;

/** Digits in which a greater number comes first. */
const complement = (digits: string): string => [...digits].map((digit) => 9 - Number(digit)).join('');

/** An integer is the number of its digits after the first, then the digits: a longer number sorts later. */
const whole = (digits: string): string => `${digits.length - 1}`.padStart(3, '0') + digits;

/**
 * A decimal number as text in numeric order: `9` is `0009`, `10` is `00110`. Negative numbers begin with `-` and come
 * first, the greater of them later: their digits are complements, and `~` ends them, as an end comes before further
 * digits otherwise.
 */
const orderedNumber = (decimal: string): string => {
  const [digits = '', fraction] = decimal.replace('-', '').split('.');
  if (!decimal.startsWith('-')) return `${whole(digits)}${fraction === undefined ? '' : `.${fraction}`}`;
  const rest = fraction === undefined ? '' : `.${complement(fraction)}`;
  return `-${complement(whole(digits))}${rest}~`;
};

/** An integer of any length in its shortest form; undefined if the text is none. */
const integerOf = (text: string): string | undefined => {
  const [, sign, digits] = /^([+-]?)0*(\d+)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
};

/**
 * The sequence as `sourceSeq`. A JSON number is a number, and so is text of digits if `sequencetype` is `Integer` or
 * absent. Any other text stays as it is. Numbers come before texts that begin with a letter, and before times.
 */
export const sequenceOf = (said: {
  readonly text: string;
  readonly isNumber: boolean;
  readonly type?: string;
}): string => {
  const { text, isNumber, type = 'Integer' } = said;
  const counts = isNumber || type.toLowerCase() === 'integer';
  const number = counts ? (integerOf(text) ?? (isNumber ? decimalOf(text) : undefined)) : undefined;
  return number === undefined ? text : orderedNumber(number);
};
