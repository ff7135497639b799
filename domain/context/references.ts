// Which parties does data name, and how do people read such a reference?
import { Reference } from '../../events/envelope.ts';

/** A reference as a key of a map. */
export const referenceKey = ({ system, kind, id }: Reference): string => `${system}|${kind}|${id}`;

/** How people read a reference: a code that people chose as it is, any other as its system names it. */
export const nameOf = ({ system, kind, id }: Reference): string =>
  system === 'reference' ? id : `${system}/${kind}/${id}`;

const gather = (value: unknown, found: Reference[]): readonly Reference[] => {
  if (typeof value !== 'object' || value === null) return found;
  const reference = 'system' in value && 'kind' in value && 'id' in value ? Reference.safeParse(value) : undefined;
  if (reference?.success === true) found.push(reference.data);
  else for (const member of Object.values(value)) gather(member, found);
  return found;
};

/** The references in an event's data, cached: the context and the rows of a stream both ask for those of all its events. */
const inData = new WeakMap<object, readonly Reference[]>();

/** Every party that data names, in the order of its fields. */
const referencesIn = (data: object): readonly Reference[] => {
  const known = inData.get(data) ?? gather(data, []);
  inData.set(data, known);
  return known;
};

/** Every party that the events' data names, each once, in the order of their keys. */
export const referencesOf = (events: readonly { readonly data: object }[]): readonly Reference[] => {
  const found = new Map<string, Reference>();
  for (const { data } of events) for (const named of referencesIn(data)) found.set(referenceKey(named), named);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reference]) => reference);
};
