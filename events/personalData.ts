// Does data hold a person's e-mail address, which no event may hold?

/** Whether a word is an e-mail address. */
const isAddress = (word: string): boolean => !word.includes('/') && /[^\s@]@[^\s@]+\.[^\s@]/.test(word);

/** Why an event with an address is refused. */
export const addressRefusal = 'it holds an e-mail address; an event may name people only by references';

/** The name of a member, for a path that a receipt keeps: an address would name a person there too. */
export const memberName = (member: string): string => (isAddress(member) ? '(an e-mail address)' : member);

/**
 * The path to the first e-mail address in the data; undefined if it holds none. A word with a slash counts as a link.
 */
export const addressIn = (value: unknown): readonly string[] | undefined => {
  if (typeof value === 'string') return value.split(/\s+/).some(isAddress) ? [] : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [member, held] of Object.entries(value)) {
    const path = isAddress(member) ? [] : addressIn(held);
    if (path !== undefined) return [memberName(member), ...path];
  }
  return undefined;
};
