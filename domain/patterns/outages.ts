// Which needs fall due while a connection that may answer them is silent, and when are they due instead?
import type { EventType } from '../../events/catalog.ts';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import { partyIdOf } from '../context/context.ts';
import type { Outage } from '../context/outages.ts';
import { leadAt } from '../engagement/engagement.ts';
import { oncePer } from '../oncePer.ts';
import { tolerance } from '../time/tolerance.ts';
import type { Verdict, View } from './pattern.ts';

/** How long after a silence what was said meanwhile may still arrive: 24 h, in milliseconds. */
const catchUp = 24 * 3_600_000;

/** What is due at an instant: an event of one of these types. */
interface Due {
  readonly awaits: readonly EventType[];
  readonly dueAt: Instant;
}

/** When something is due, once the outages that are known are counted. */
export interface Postponed {
  readonly dueAt: Instant;
  /** The last outage that moved the due instant; undefined if none did. */
  readonly movedBy: Outage | undefined;
  /** The outage that goes on while it is due: nobody can tell whether it came. */
  readonly quiet: Outage | undefined;
}

const byBeginning = (a: Outage, b: Outage): number =>
  a.from < b.from ? -1 : a.from > b.from ? 1 : a.connectionId < b.connectionId ? -1 : 1;

/** The outages in the order in which they began, by the types that are awaited; found once for all needs of the same types. */
const byAwaited = oncePer((outages: readonly Outage[]) => {
  const known = new Map<string, readonly Outage[]>();
  return (awaits: readonly EventType[]): readonly Outage[] => {
    const name = awaits.join(' ');
    const found =
      known.get(name) ??
      outages
        .filter(({ types }) => awaits.some((type) => types === undefined || types.includes(type)))
        .sort(byBeginning);
    known.set(name, found);
    return found;
  };
});

/**
 * The outages that a view knows of, of the connections that might have answered: they may say one of the types, and speak of any
 * engagement or of those of the partner that led this one when the answer was due.
 */
const outagesFor = ({ engagement, context, now }: View, { awaits, dueAt }: Due): readonly Outage[] => {
  const { outages = [] } = context;
  if (outages.length === 0 || awaits.length === 0) return [];
  const all = byAwaited(outages)(awaits).filter(({ knownAt }) => knownAt <= now);
  if (all.every(({ partner }) => partner === undefined)) return all;
  const lead = leadAt(engagement, dueAt);
  const leads = lead === undefined ? undefined : partyIdOf(context, lead);
  return all.filter(({ partner }) => partner === undefined || partner === leads);
};

const isOver = ({ ended }: Outage, now: Instant): boolean => ended !== undefined && ended.knownAt <= now;

/**
 * When a need is due, with the outages that are known at the view's instant. A due instant inside an outage, its beginning and its end
 * included, moves to 24 h after the end, and again if that falls inside another one. While an outage goes on, nobody can tell once the
 * need is due. What only people record, since no connection may say it, is due as ever.
 */
export const postponed = (view: View, due: Due): Postponed => {
  const outages = outagesFor(view, due);
  let [dueAt, movedBy]: [Instant, Outage | undefined] = [due.dueAt, undefined];
  for (;;) {
    const begun = outages.filter(({ from }) => from <= dueAt);
    const open = begun.find((outage) => !isOver(outage, view.now));
    if (open !== undefined && view.now >= addMilliseconds(dueAt, tolerance)) return { dueAt, movedBy, quiet: open };
    const [last] = begun
      .flatMap((outage) =>
        outage.ended === undefined || !isOver(outage, view.now) ? [] : [{ outage, ...outage.ended }],
      )
      .filter(({ at }) => at >= dueAt)
      .sort((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : 0));
    if (last === undefined) return { dueAt, movedBy, quiet: undefined };
    [dueAt, movedBy] = [addMilliseconds(last.at, catchUp), last.outage];
  }
};

/** The verdict on a need that is due while a connection that may answer it is silent. */
export const sourceQuiet = (
  { subject, openedBy }: Pick<Verdict, 'subject' | 'openedBy'>,
  { awaits, dueAt, quiet: { connectionId, from } }: Due & { readonly quiet: Outage },
): Verdict => ({
  ...{ state: 'suspended', subject, openedBy, since: dueAt, reason: 'sourceQuiet', connectionId },
  because: `a connection has been silent since ${from}, so nobody knows whether ${awaits.join(' or ')} came`,
  changesAt: undefined,
});

/** What is judged when it is settled, and the outage that goes on then. */
export type Settled<Each> = Each & { readonly quiet: Outage | undefined };

/** When each of several is settled, one after the other: an outage moves none behind the ones that follow it. */
export const settledInOrder = <Each extends { readonly settled: Instant }>(
  view: View,
  awaits: Due['awaits'],
  all: readonly Each[],
): readonly Settled<Each>[] => {
  let last: Instant | undefined;
  return all.map((each) => {
    const { dueAt, quiet } = postponed(view, { awaits, dueAt: each.settled });
    last = last === undefined || dueAt > last ? dueAt : last;
    return { ...each, settled: last, quiet };
  });
};
