// How is what follows from a list, or from another object, found once, however many ask for it?

/**
 * The same function, which keeps its answer for as long as its object lives. For objects that don't change, such as lists of
 * standing events: all that ask share one answer, so nobody may change it.
 */
export const oncePer = <Key extends object, Found>(find: (key: Key) => Found): ((key: Key) => Found) => {
  const found = new WeakMap<Key, { readonly answer: Found }>();
  return (key) => {
    const known = found.get(key);
    if (known !== undefined) return known.answer;
    const answer = find(key);
    found.set(key, { answer });
    return answer;
  };
};
