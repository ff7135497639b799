// Does a message name a person: by a reference, by an address, or by a name, whole or in its words?
import { personReferenceOf } from '../../../events/freeText.ts';
import { plainText } from '../../../events/plainText.ts';

const plain = (text: string): string => plainText(text).normalize('NFC').toLowerCase();

const isPartOfWord = (character: string): boolean => /[\p{L}\p{N}]/u.test(character);

/** Where a text stands as a whole: `user/4` does not stand in `user/42`. */
function* placesOf(text: string, within: string): Generator<number> {
  for (let at = within.indexOf(text); at >= 0; at = within.indexOf(text, at + 1)) {
    const before = within.charAt(at - 1);
    const after = within.charAt(at + text.length);
    const begins = !(isPartOfWord(before) && isPartOfWord(text.charAt(0)));
    const ends = !(isPartOfWord(after) && isPartOfWord(text.charAt(text.length - 1)));
    if (begins && ends) yield at;
  }
}

/** The words of a name may stand in fields of their own, in any order, so near to each other. */
const near = 120;

const holdsWordsOf = ([first = '', ...others]: readonly string[], within: string): boolean => {
  for (const at of placesOf(first, within)) {
    const around = within.slice(Math.max(0, at - near), at + first.length + near);
    if (others.every((word) => !placesOf(word, around).next().done)) return true;
  }
  return false;
};

/** What stands for a person in messages: the reference, and what else is known. */
export interface Sought {
  readonly tenantId: string;
  /** What the person who asks has given; an address or a name also means the reference that events hold for it. */
  readonly reference: string;
  /** Names and addresses. */
  readonly others: readonly string[];
}

/** Shorter texts would stand in too many messages. */
export const shortestText = 3;

/** Whether a text names the person. Encoded forms are read as in the check of facts. */
export const createNames = ({ tenantId, reference, others }: Sought): ((text: string) => boolean) => {
  const texts = [reference, personReferenceOf(tenantId, reference), ...others].map(plain);
  const sought = [...new Set(texts)].map((text) => ({
    text,
    words: text.split(/[\s,]+/).filter((word) => word !== ''),
  }));
  return (text) => {
    const within = plain(text).replaceAll('\\/', '/');
    return sought.some(
      ({ text: whole, words }) =>
        !placesOf(whole, within).next().done || (words.length > 1 && holdsWordsOf(words, within)),
    );
  };
};
