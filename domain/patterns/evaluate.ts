// Which verdicts do all rules give on an engagement at an instant, and when do they next change?
import type { RecordedEvent } from '../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import { type IsUnconfirmed, unconfirmedIn } from '../claims.ts';
import { renewalDays } from '../context/policy.ts';
import { type Engagement, engagementUntil } from '../engagement/engagement.ts';
import type { Ending } from '../engagement/journey.ts';
import { type Subscription, type Term, windowOf } from '../engagement/subscriptions.ts';
import { oncePer } from '../oncePer.ts';
import { anyOf } from '../time/intervals.ts';
import { isAskedFor } from './askedFor.ts';
import { clearedBy, tolerated } from './awaited.ts';
import { type PatternName, rules } from './catalog.ts';
import { type BoundRule, type Severity, severities, type Verdict, type View } from './pattern.ts';
import { type PolicyVerdict, verdictsUnder } from './underPolicies.ts';

/** A verdict with its policy and the rule that gave it: its id, its title, and its pattern. */
export type RuledVerdict = PolicyVerdict & {
  readonly rule: string;
  readonly pattern: PatternName;
  readonly title: string;
};

type Raised = Extract<PolicyVerdict, { readonly state: 'raised' }>;

/**
 * The terms that open Renew. Shorter terms renew automatically, month by month, so that their end makes nothing urgent.
 */
const renewableTerms = (subscriptions: readonly Subscription[]): readonly Term[] =>
  subscriptions.flatMap(({ terms }) => terms).filter((term) => windowOf(term) !== undefined);

/** Tells whether an undecided term is about to end at an instant, or has ended. */
const renewalNear = (subscriptions: readonly Subscription[]): ((at: Instant) => boolean) =>
  anyOf(
    renewableTerms(subscriptions).flatMap(({ begunBy, end, decidedBy }) => {
      if (end === undefined) return [];
      const near = addDays(end, -renewalDays);
      return [{ from: near < begunBy.occurredAt ? begunBy.occurredAt : near, to: decidedBy?.occurredAt }];
    }),
  );

/** The same of a view, found once for its rules. */
const nearIn = ({ engagement }: View): ((at: Instant) => boolean) => nearOf(engagement);
const nearOf = oncePer(({ subscriptions }: Engagement) => renewalNear(subscriptions));

/** One step more severe, critical at most. */
export const worse = (severity: Severity): Severity =>
  severities[Math.min(severities.indexOf(severity) + 1, severities.length - 1)] ?? severity;

/** The instant whose severity a flag shows: now, or just before it was cleared, but not before it was raised. History stays as it was raised. */
const severeAt = ({ raisedAt, cleared, isHistoric = false }: Raised, now: Instant): Instant => {
  if (isHistoric) return raisedAt;
  if (cleared === undefined) return now;
  const justBefore = addMilliseconds(cleared.at, -1);
  return justBefore < raisedAt ? raisedAt : justBefore;
};

/** An ending, and the instant at which it was known: flags that stood until then are closed by it, not undone. */
interface Known {
  readonly ending: Ending;
  readonly at: Instant;
}

/** When an ending was known: as it was said, if that was after it took effect, but before the engagement went on. */
const knownOf = (ending: Ending, goneOnAt?: Instant): Known => {
  const said = ending.event.occurredAt > ending.at ? ending.event.occurredAt : ending.at;
  const last = goneOnAt === undefined ? said : addMilliseconds(goneOnAt, -1);
  return { ending, at: last < said && last >= ending.at ? last : said };
};

const closedAt = ({ ending: { reason }, at }: Known): NonNullable<Raised['cleared']> => ({
  at,
  eventId: undefined,
  reason: reason === 'subscriptionsEnded' ? 'closedRealised' : 'closedMoot',
});

/** Whether a partner's unconfirmed word ended the engagement, too late to close a flag: it is for the vendor to judge. */
const isLateEnding = ({ event }: Ending, { raisedAt, policy }: Raised, isUnconfirmed: IsUnconfirmed): boolean =>
  isUnconfirmed(event) && addDays(raisedAt, policy.lateClaimAfter) <= event.recordedAt;

const afterEnding = (known: Known, verdict: PolicyVerdict, isUnconfirmed: IsUnconfirmed): readonly PolicyVerdict[] => {
  if (verdict.state !== 'raised') return [];
  if (verdict.isHistoric === true) return [verdict];
  const { ending } = known;
  const closed = isLateEnding(ending, verdict, isUnconfirmed) ? clearedBy(ending.event, 'lateClaim') : closedAt(known);
  const cleared = verdict.cleared ?? closed;
  return [{ ...verdict, cleared, changesAt: undefined }];
};

/** A win that was undone arms nothing any more, and its flags clear as the deal opens again. */
const afterReopening = (
  undone: ReadonlyMap<string, RecordedEvent>,
  verdict: PolicyVerdict,
): readonly PolicyVerdict[] => {
  const reopened = undone.get(verdict.openedBy.eventId);
  if (reopened === undefined) return [verdict];
  if (verdict.state !== 'raised' || verdict.raisedAt > reopened.occurredAt) return [];
  const { cleared } = verdict;
  if (cleared !== undefined && cleared.at <= reopened.occurredAt) return [verdict];
  return [{ ...verdict, cleared: clearedBy(reopened, 'dealReopened'), changesAt: undefined }];
};

/** The closings that were undone, by event id, each with what undid it. */
const undoneIn = ({ engagement }: View): ReadonlyMap<string, RecordedEvent> =>
  new Map(
    engagement.closings.flatMap(({ event, undoneBy }) => (undoneBy === undefined ? [] : [[event.eventId, undoneBy]])),
  );

/** The view as of the instant at which the engagement's end was known: later events neither raise nor clear a flag. */
const asOfEnding = (view: View, { at }: Known): View =>
  view.engagement.until === at ? view : { ...view, engagement: engagementUntil(view.engagement, at), now: at };

/** The time between one ending of the engagement and the next. */
interface Stretch {
  /** The view up to the next ending, or up to now. */
  readonly view: View;
  /** The view as of the end of the stretch, if it has ended. */
  readonly seen: View;
  readonly known: Known | undefined;
  readonly undone: ReadonlyMap<string, RecordedEvent>;
}

const stretchOf = (view: View, goneOnAt?: Instant): Stretch => {
  const { journey } = view.engagement;
  const known = journey.ending === undefined ? undefined : knownOf(journey.ending, goneOnAt);
  const seen = known === undefined ? view : asOfEnding(view, known);
  return { view, seen, known, undone: undoneIn(seen) };
};

/** Each rule's verdicts in every stretch, the last stretch first. Of each stretch only its verdicts are kept. */
const judgedIn = function* (last: View): Generator<readonly (readonly PolicyVerdict[])[]> {
  const isUnconfirmed = unconfirmedIn(last.engagement.events);
  for (let stretch: Stretch | undefined = stretchOf(last); stretch !== undefined; ) {
    const judged: Stretch = stretch;
    yield rules.map((rule) => verdictsIn(judged, rule, isUnconfirmed));
    const { resumed } = judged.view.engagement.journey;
    stretch =
      resumed === undefined
        ? undefined
        : stretchOf(asOfEnding(judged.view, knownOf(resumed.ending, resumed.at)), resumed.at);
  }
};

const verdictsIn = (
  { view, seen, known, undone }: Stretch,
  rule: BoundRule,
  isUnconfirmed: IsUnconfirmed,
): readonly PolicyVerdict[] => {
  const asked = { ...seen, openedFrom: view.engagement.journey.resumed?.at };
  return verdictsUnder(rule, asked)
    .filter(({ openedBy }) => isAskedFor(asked, openedBy))
    .flatMap((verdict) => afterReopening(undone, verdict))
    .flatMap((verdict) => (known === undefined ? [verdict] : afterEnding(known, verdict, isUnconfirmed)))
    .map((verdict) =>
      verdict.state === 'raised' && nearIn(view)(severeAt(verdict, view.now))
        ? { ...verdict, severity: worse(verdict.severity) }
        : verdict,
    );
};

/**
 * Every rule's verdicts at the view's instant, in catalog order, each under the policy that was in force when its episode was opened.
 * A quiet rule gives no verdict.
 *
 * Once the engagement has ended, rules neither arm nor raise anything. Open flags clear at its end: as `closedRealised` if its
 * subscriptions ended, as `closedMoot` if the deal was lost or withdrawn, as `lateClaim` if only a partner says that it was lost. If the engagement went on after an ending, earlier
 * episodes stay as that ending left them. Rules then judge only what is opened from there on.
 *
 * A flag is one step more severe than its rule says while an undecided term ends within `renewalDays` or has ended. A cleared flag
 * keeps the severity that it had just before. The reference's other step, for revenue at risk in the lead partner's
 * top quartile, needs other engagements too: rows get it when they are read (`rows/severityShown.ts`).
 */
export const verdictsOf = (view: View): readonly RuledVerdict[] => {
  const stretches = [...judgedIn(view)].reverse();
  return rules.flatMap(({ id, title, pattern }, index) =>
    stretches.flatMap((verdicts) => verdicts[index] ?? []).map((verdict) => ({ ...verdict, rule: id, pattern, title })),
  );
};

const turnsOf = (verdict: Verdict): readonly (Instant | undefined)[] => {
  switch (verdict.state) {
    case 'armed':
      return [tolerated(verdict.dueAt)];
    case 'raised':
    case 'suspended':
      return [verdict.changesAt];
    default:
      return verdict satisfies never;
  }
};

/**
 * The instants at which verdicts change by time alone: they fall due, or become more severe. Undefined for a verdict
 * that names none.
 */
export const turnsOfVerdicts = (verdicts: readonly Verdict[]): readonly (Instant | undefined)[] =>
  verdicts.flatMap(turnsOf);

/** The instants at which a renewal comes near: open flags then become more severe. */
export const renewalTurns = (subscriptions: readonly Subscription[]): readonly Instant[] =>
  renewableTerms(subscriptions).flatMap(({ end }) => (end === undefined ? [] : [addDays(end, -renewalDays)]));
