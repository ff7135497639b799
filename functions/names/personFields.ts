// Which references in an answer stand for persons?
import { catalog, eventTypes } from '../../events/catalog.ts';
import { personFieldsIn } from '../../events/freeText.ts';

let found: ReadonlySet<string> | undefined;

/** The fields of events that name persons by references, and the columns of tables that are made of them. */
export const personFields = (): ReadonlySet<string> => {
  // Only now: it builds the schemas of all types.
  found ??= new Set(['actor', ...eventTypes.flatMap((type) => personFieldsIn(catalog[type].data))]);
  return found;
};

/** One answer looks up so many names at the most: ten calls of the table. */
export const mostNames = 1_000;

/** The references to persons in an answer, each once, in the order in which they stand; 1,000 at the most. */
export const personReferencesIn = (answer: unknown): readonly string[] => {
  const fields = personFields();
  const references = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || references.size >= mostNames) return;
    for (const [name, held] of Object.entries(value)) {
      if (typeof held === 'string' && held !== '' && fields.has(name)) references.add(held);
      else visit(held);
    }
  };
  visit(answer);
  return [...references].slice(0, mostNames);
};
