// Which references in an answer stand for persons?
import { catalog, eventTypes } from '../../events/catalog.ts';
import { personFieldsIn } from '../../events/freeText.ts';

/** The fields of events that name persons by references, and the columns of tables that are made of them. */
export const personFields: ReadonlySet<string> = new Set([
  'actor',
  ...eventTypes.flatMap((type) => personFieldsIn(catalog[type].data)),
]);

/** One answer looks up so many names at the most: ten calls of the table. */
export const mostNames = 1_000;

/** The references to persons in an answer, each once, in the order in which they stand; 1,000 at the most. */
export const personReferencesIn = (answer: unknown): readonly string[] => {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || found.size >= mostNames) return;
    for (const [name, held] of Object.entries(value)) {
      if (typeof held === 'string' && held !== '' && personFields.has(name)) found.add(held);
      else visit(held);
    }
  };
  visit(answer);
  return [...found].slice(0, mostNames);
};
