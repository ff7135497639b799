// Are two sets of documents equal except for their ids? Each id is replaced by a name that comes from its places in the documents.
import { createHash } from 'node:crypto';

/** Ids that follow from a tenant, a connection or chance: UUIDs, and the names of connections. */
const idPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|c-[0-9a-f]{16}/g;

/** Each round carries names one step further along shared ids: from an event to its flag, then to its engagement. */
const rounds = 4;

const nameOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 8);

/** The documents without their ids, for comparison by a person. */
export const blanked = (document: string): string => document.replaceAll(idPattern, '<id>');

/**
 * The documents, sorted, with each id replaced by a name made from its places (document and position). Ids
 * at the same places get the same name. So documents are equal exactly when their ids are linked in the same way.
 */
export const withoutIds = (documents: readonly string[]): readonly string[] => {
  let names: ReadonlyMap<string, string> = new Map();
  const named = (document: string): string => document.replaceAll(idPattern, (id) => names.get(id) ?? '<id>');
  for (let round = 0; round < rounds; round += 1) {
    const places = new Map<string, string[]>();
    for (const document of documents) {
      const shape = nameOf(named(document));
      for (const [turn, [id]] of [...document.matchAll(idPattern)].entries()) {
        places.set(id, [...(places.get(id) ?? []), `${shape} ${turn}`]);
      }
    }
    names = new Map([...places].map(([id, at]) => [id, nameOf(at.sort().join())]));
  }
  return documents.map(named).sort();
};
