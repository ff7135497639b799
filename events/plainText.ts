// What does a text say once its encodings are read: percent signs, entities, escapes, full-width and invisible characters?

/** Characters that nobody sees: zero-width ones, soft hyphens, marks of direction, selectors of variants, tags. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;
const otherAtSigns = /[\uff20\ufe6b\u24d0]/gu;
const otherDots = /[\uff0e\u3002\uff61\u2024\ufe52]/gu;
/** `！` to `～`, the full-width forms of ASCII. */
const fullWidth = /[\uff01-\uff5e]/gu;

const isPlainAscii = (text: string): boolean => !/[^ -~]/.test(text);

const narrow = (text: string): string =>
  isPlainAscii(text)
    ? text
    : text
        .replace(invisible, '')
        .replace(otherAtSigns, '@')
        .replace(otherDots, '.')
        .replace(fullWidth, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0));

const characterOf = (digits: string, base: number): string => {
  const code = Number.parseInt(digits, base);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
};

const bytesOf = (hex: string): string => Buffer.from(hex, 'hex').toString('utf8');

/** Each reads one encoding, in one pass over the text. Runs of digits are bounded, so that no text costs more than its length. */
const encodings: readonly (readonly [RegExp, (...found: string[]) => string])[] = [
  // Percent signs that were encoded again and again are one.
  [/%(?:25)+/g, () => '%'],
  [/%u([0-9a-f]{4})/gi, (_, digits = '') => characterOf(digits, 16)],
  [/(?:%[0-9a-f]{2})+/gi, (all) => bytesOf(all.replaceAll('%', ''))],
  [/&amp;/gi, () => '&'],
  [/&#x0{0,8}([0-9a-f]{1,6});?/gi, (_, digits = '') => characterOf(digits, 16)],
  [/&#0{0,8}([0-9]{1,7});?/g, (_, digits = '') => characterOf(digits, 10)],
  [/&commat;?/gi, () => '@'],
  [/&period;?/gi, () => '.'],
  [/&(?:lowbar|UnderBar);?/g, () => '_'],
  [/&(?:shy|zwj|zwnj|ZeroWidthSpace|NoBreak);?/g, () => ''],
  [/\\u([0-9a-f]{4})/gi, (_, digits = '') => characterOf(digits, 16)],
  [/\\u\{([0-9a-f]{1,6})\}/gi, (_, digits = '') => characterOf(digits, 16)],
  [/\\x([0-9a-f]{2})/gi, (_, digits = '') => characterOf(digits, 16)],
  [/\+AEA-/g, () => '@'],
  [/\s{0,2}[([{<]\s?at\s?[)\]}>]\s{0,2}/gi, () => '@'],
  [/\s{0,2}[([{<]\s?dot\s?[)\]}>]\s{0,2}/gi, () => '.'],
];

/** Whether a text may hold something encoded: nearly no id and no code does. */
const mayBeEncoded = /%[0-9a-f]{2}|%u00|&(?:#|amp|commat|period)|\\[ux]|\+AEA-|[([{<]\s?at\s?[)\]}>]/i;

/** An encoding may stand inside another; each round reads what the one before has uncovered. */
const mostRounds = 4;

/** The text with its encodings read, in time that grows with its length alone. */
export const plainText = (text: string): string => {
  let plain = narrow(text);
  for (let round = 0; round < mostRounds && mayBeEncoded.test(plain); round += 1) {
    const before = plain;
    for (const [form, read] of encodings) plain = plain.replace(form, read);
    plain = narrow(plain);
    if (plain === before) break;
  }
  return plain;
};
