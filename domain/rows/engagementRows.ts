// Which rows does an engagement have at an instant?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import { foldEngagement } from '../engagement/engagement.ts';
import { withoutForeignOffers } from '../engagement/foreignOffers.ts';
import { type Cuts, standing } from '../history.ts';
import { countedIn, type Merging, mergedInto } from '../merging.ts';
import { verdictsOf } from '../patterns/evaluate.ts';
import { withLateClaims } from '../patterns/lateClaims.ts';
import type { Judged } from '../patterns/looks.ts';
import { heardFromOf } from '../patterns/observed.ts';
import type { View } from '../patterns/pattern.ts';
import { engagementTables } from './catalog.ts';
import { nextDueAt } from './nextDueAt.ts';
import type { Row } from './row.ts';
import { type RowContext, rowContextAt } from './rowContext.ts';

export interface EngagementSource {
  /** At least one event of the engagement's stream, in any order: all recorded events, of merged engagements those of all their streams. */
  readonly events: readonly RecordedEvent[];
  /** The engagement's stream, and how it is merged with others. Absent: the stream of the events, which is merged with none. */
  readonly merged?: { readonly stream: string; readonly merging: Merging } | undefined;
  readonly context: Context;
  readonly now: Instant;
  /** The cuts of an as-of. Events after them announce nothing. */
  readonly cuts?: Cuts | undefined;
}

/** An engagement at an instant, with all that its rows are made of. */
export interface EngagementView {
  readonly rowContext: RowContext;
  /** All standing events, also those that are dated ahead. */
  readonly stands: readonly RecordedEvent[];
}

export interface EngagementRows {
  /** The row of `engagements`. Every engagement has one, even if all its facts are dated ahead. */
  readonly head: Row;
  /** Every other row, of all tables. */
  readonly rows: readonly Row[];
  /** When any of the rows next changes without a new fact. The head row holds it too. */
  readonly nextDueAt: Instant | undefined;
}

/** What is no fact of the engagement itself: what is said about its flags, and which streams belong together. */
const aboutIt: ReadonlySet<string> = new Set(['FlagDismissed', 'EngagementMerged', 'EngagementAbsorbed']);

/** What is said about flags, and what flags are raised by. */
const apart = (
  events: readonly RecordedEvent[],
): readonly [readonly RecordedOf<'FlagDismissed'>[], readonly RecordedEvent[]] => [
  events.filter((event) => event.type === 'FlagDismissed'),
  events.filter(({ type }) => !aboutIt.has(type)),
];

/**
 * Folds an engagement at an instant, from the standing events that have occurred by then, and adds its verdicts.
 * `stands` also holds the standing events that are dated ahead. StageEntered is left out, because rows depend on facts
 * alone. Throws if there are no events (a bug: a stream without events has no rows).
 */
export const engagementViewOf = ({ events, merged, context, now, cuts = {} }: EngagementSource): EngagementView => {
  const streamId = merged?.stream ?? events[0]?.streamId;
  if (streamId === undefined) throw new Error('rows of an engagement need at least one recorded event');
  const { tenantId, id } = parseStreamId(streamId);
  const { recordedUntil } = cuts;
  const circle = merged?.merging.circle;
  const into = merged === undefined ? undefined : mergedInto(streamId, merged.merging);
  const known = recordedUntil === undefined ? events : events.filter((event) => event.recordedAt <= recordedUntil);
  // What is taken back later, or by whom it was said, changes nothing about when somebody began to listen.
  const heardFrom = heardFromOf(known);
  const standingIn = (heard: readonly RecordedEvent[]): readonly RecordedEvent[] =>
    standing({ events: heard }, cuts).filter(({ type }) => type !== 'StageEntered');
  const viewOf = (stands: readonly RecordedEvent[], at: Instant): View => {
    const [dismissals, occurred] = apart(stands.filter((event) => event.occurredAt <= at));
    const { events: own, ...deals } = merged === undefined ? { events: occurred } : countedIn(occurred, merged.merging);
    const { events: counted, leftOut } = withoutForeignOffers(own, context);
    const engagement = {
      ...foldEngagement(counted, at),
      ...{ streamId, tenantId, engagementId: id, offersLeftOut: leftOut, dismissals },
      ...('aside' in deals && { dealsAside: deals.aside, combined: deals.combined }),
      ...{ mergedInto: into, mergeInCircle: circle?.streamId === streamId ? circle : undefined },
    };
    return { engagement, context, now: at, heardFrom };
  };
  const stands = standingIn(events);
  const view = viewOf(stands, now);
  const judged: Judged = {
    events: known,
    stands,
    now,
    verdicts: (heard, at) => verdictsOf(viewOf(standingIn(heard), at)),
  };
  return { rowContext: rowContextAt(view, withLateClaims(judged, verdictsOf(view))), stands };
};

/**
 * Checks that no two rows share a table and a key, and answers the rows. Throws with the shared id if two do (a bug of
 * the domain).
 */
export const withOwnKeys = (rows: readonly Row[]): readonly Row[] => {
  const taken = new Set<string>();
  for (const { table, rowKey } of rows) {
    const id = `${table}|${rowKey}`;
    if (taken.has(id)) throw new Error(`two rows have the id ${id}: their key must hold what tells them apart`);
    taken.add(id);
  }
  return rows;
};

/** The rows of a view. Throws if two rows have one key (a bug). */
export const rowsInView = ({ rowContext, stands }: EngagementView): EngagementRows => {
  const due = nextDueAt(rowContext, stands);
  // What is merged into another engagement only leads there.
  const made = rowContext.engagement.mergedInto === undefined ? engagementTables : engagementTables.slice(0, 1);
  const [head, ...rows] = made.flatMap((table) => table.rows({ ...rowContext, nextDueAt: due }));
  if (head === undefined) throw new Error('the first table of engagements gives no head row');
  return { head, rows: withOwnKeys(rows), nextDueAt: due };
};

/**
 * The rows of an engagement at `now`. They are the same for any order of arrival, and a rebuild gives them again.
 * Throws if there are no events, or if two rows have one key (both bugs).
 */
export const rowsOf = (source: EngagementSource): EngagementRows => rowsInView(engagementViewOf(source));
