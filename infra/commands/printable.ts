// What of a sender's text may a terminal show? No control characters: they would move the cursor, or hide and forge lines.

/** One line with its control characters, line breaks included, written as `\u001b`. */
export const printable = (line: string): string =>
  line.replace(
    /[\p{Cc}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
