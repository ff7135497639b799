// Does data hold a person's e-mail address, which no event may hold?

/** Whether a word is an e-mail address. */
export const isAddress = (word: string): boolean => !word.includes('/') && /[^\s@]@[^\s@]+\.[^\s@]/.test(word);

/**
 * The path to the first e-mail address in the data; undefined if it holds none. A word with a slash counts as a link.
 */
export const addressIn = (value: unknown): readonly string[] | undefined => {
  if (typeof value === 'string') return value.split(/\s+/).some(isAddress) ? [] : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [member, held] of Object.entries(value)) {
    const path = isAddress(member) ? [] : addressIn(held);
    if (path !== undefined) return [member, ...path];
  }
  return undefined;
};
