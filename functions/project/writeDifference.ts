// How are only those rows written that differ from the owner's stored head?
// The projector and the projector of groups call it; it writes heads and rows through the projection store.
import type { Row } from '../../domain/rows/row.ts';
import type { Instant } from '../../events/instant.ts';
import type { HeadPlace } from './headPlace.ts';
import type { Head } from './headState.ts';
import type { Change, ProjectionStore } from './projectionStore.ts';
import { digestOf, rowId } from './rowItem.ts';

/** Which deployment writes, and which code of the domain has computed the rows. */
export interface Writer {
  /** A number that every deployment raises. An older deployment does not write newer heads. */
  readonly release: number;
  /** The digest of the domain's code that computes the rows. */
  readonly computedBy: string;
}

/** All of an owner's rows as they should be, with its head. */
export interface Wanted {
  readonly place: HeadPlace;
  readonly headRow: Row;
  readonly rows: readonly Row[];
  readonly basis: Head['basis'];
  readonly evaluatedAt: Instant;
}

/** The rows to put and delete so that the tables hold exactly the wanted ones. */
const differenceOf = (
  against: Head | undefined,
  wanted: readonly Row[],
  digests: Readonly<Record<string, string>>,
): Pick<Change, 'puts' | 'deletes'> => {
  const stored: Readonly<Record<string, string>> = against?.digests ?? {};
  return {
    puts: wanted.filter((row) => stored[rowId(row)] !== digests[rowId(row)]),
    deletes: Object.keys(stored).filter((id) => digests[id] === undefined),
  };
};

const sameRecord = <V>(a: Readonly<Record<string, V>>, b: Readonly<Record<string, V>>): boolean => {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
};

/** `written` with the new head, `current` where nothing differs, or `behind` where another writer came first. */
export type Difference =
  | { readonly outcome: 'written'; readonly head: Head }
  | { readonly outcome: 'current' }
  | { readonly outcome: 'behind' };

/** Writes the difference between the stored head and the wanted rows; writes nothing where there is none. */
export const writeDifference = async (
  store: ProjectionStore,
  { place, headRow, rows, basis, evaluatedAt }: Wanted,
  { stored, release, computedBy }: Writer & { readonly stored: Head | undefined },
): Promise<Difference> => {
  const digests = Object.fromEntries([headRow, ...rows].map((row) => [rowId(row), digestOf(row)]));
  const isCurrent =
    stored !== undefined &&
    stored.rebuilding === undefined &&
    stored.release === release &&
    stored.computedBy === computedBy &&
    sameRecord(stored.digests, digests) &&
    sameRecord(stored.basis, basis);
  if (isCurrent) return { outcome: 'current' };
  const head = { basis, evaluatedAt, release, computedBy, digests };
  return await store.write({ place, headRow, head, ...differenceOf(stored, rows, digests), against: stored });
};
