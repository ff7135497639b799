// Does data hold what an event must never hold: a person's e-mail address? People enter an event as references only.

const isAddress = (word: string): boolean => !word.includes('/') && /[^\s@]@[^\s@]+\.[^\s@]/.test(word);

/** Where data holds an e-mail address: the path to the text; undefined where it holds none. A word with a slash is a link to some artefact. */
export const addressIn = (value: unknown): readonly string[] | undefined => {
  if (typeof value === 'string') return value.split(/\s+/).some(isAddress) ? [] : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [member, held] of Object.entries(value)) {
    const path = isAddress(member) ? [] : addressIn(held);
    if (path !== undefined) return [member, ...path];
  }
  return undefined;
};
