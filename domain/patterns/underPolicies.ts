// Which policy judges which episode, when policies follow one another?
import type { Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import type { Policy } from '../context/policy.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { oncePer } from '../oncePer.ts';
import { lastBefore } from '../time/sortedSearch.ts';
import { mayOpen } from './askedFor.ts';
import type { BoundRule, Verdict, View } from './pattern.ts';

/** A verdict with the policy that it was made under. */
export type PolicyVerdict = Verdict & { readonly policy: Policy };

type Raised = Extract<PolicyVerdict, { readonly state: 'raised' }>;

/** A time in which one policy holds, and the context with that policy. */
interface Reign {
  readonly from: Instant | undefined;
  readonly context: Context;
}

/** The reigns of a context, made once: what rules keep by context is kept for each of them. */
const reignsOf = oncePer((context: Context): readonly Reign[] => {
  const { policy: last, policies = [] } = context;
  if (policies.at(-1)?.policy !== last) return [{ from: undefined, context }];
  return policies.map(({ policy, from }) => ({ from, context: policy === last ? context : { ...context, policy } }));
});

/** What of a policy every rule may look at, as text. Calendars are long, so it is written once. */
const sharedIn = oncePer((policy: Policy): string =>
  JSON.stringify({
    ...policy,
    version: undefined,
    thresholds: undefined,
    lateClaimAfter: undefined,
    labourRates: undefined,
  }),
);

const judgesAlike = ({ id }: BoundRule, one: Policy, other: Policy): boolean =>
  JSON.stringify(one.thresholds[id] ?? {}) === JSON.stringify(other.thresholds[id] ?? {}) &&
  sharedIn(one) === sharedIn(other);

/** Reigns in a row under which a rule judges alike, as one. */
interface Judging extends Reign {
  /** When the next one begins. */
  readonly to: Instant | undefined;
}

const judgingBy = (rule: BoundRule, reigns: readonly Reign[]): readonly Judging[] => {
  const starts = reigns.filter(({ context }, index) => {
    const before = reigns[index - 1];
    return before === undefined || !judgesAlike(rule, before.context.policy, context.policy);
  });
  return starts.map((start, index) => ({ ...start, to: starts[index + 1]?.from }));
};

const episodeOf = ({ subject, openedBy }: Verdict): string => JSON.stringify([subject, openedBy.factId]);

/** The flags of earlier policies by subject, in the order in which they were raised. A fact of history stands in no other's way. */
type Earlier = ReadonlyMap<string, readonly Raised[]>;

const earlierIn = (found: readonly PolicyVerdict[]): Earlier =>
  Map.groupBy(
    found
      .flatMap((verdict) => (verdict.state === 'raised' && verdict.isHistoric !== true ? [verdict] : []))
      .sort((a, b) => (a.raisedAt < b.raisedAt ? -1 : a.raisedAt > b.raisedAt ? 1 : 0)),
    ({ subject }) => subject,
  );

/**
 * A flag of a later policy that waits for nothing, from when it may show: its policy holds, and no flag of an earlier one is open for its
 * subject. Undefined if that is never so while it lasts.
 */
const afterEarlier = (flag: Raised, from: Instant, earlier: Earlier): Raised | undefined => {
  const others = earlier.get(flag.subject) ?? [];
  let raisedAt = flag.raisedAt < from ? from : flag.raisedAt;
  for (;;) {
    const other = lastBefore(others, (each) => each.raisedAt > raisedAt);
    if (other === undefined || (other.cleared !== undefined && other.cleared.at <= raisedAt)) break;
    if (other.cleared === undefined) return undefined;
    raisedAt = other.cleared.at;
  }
  const isOver = flag.cleared !== undefined && flag.cleared.at <= raisedAt && raisedAt > flag.raisedAt;
  return isOver ? undefined : { ...flag, raisedAt };
};

/** Until when episodes of earlier policies run or are open, by subject. */
type Standing = ReadonlyMap<string, Instant>;

/** After every instant: nothing has ended it. */
const forGood = '~';

const standingIn = (found: readonly PolicyVerdict[]): Standing => {
  const until = new Map<string, Instant>();
  for (const verdict of found) {
    if (verdict.state === 'suspended' || (verdict.state === 'raised' && verdict.isHistoric === true)) continue;
    const end = verdict.state === 'raised' ? (verdict.cleared?.at ?? forGood) : forGood;
    if (end > (until.get(verdict.subject) ?? '')) until.set(verdict.subject, end);
  }
  return until;
};

/** The verdict as it shows where a rule judges so from one instant to another; undefined if it belongs to another time. */
const shownIn = (
  { from, to }: Judging,
  verdict: PolicyVerdict,
  { standing, earlier }: { readonly standing: Standing; readonly earlier: Earlier },
): PolicyVerdict | undefined => {
  const opened = verdict.openedBy.occurredAt;
  if (to !== undefined && opened >= to) return undefined;
  if (from === undefined) return verdict;
  if (verdict.state !== 'raised' || verdict.dueAt !== undefined)
    return opened < from || (standing.get(verdict.subject) ?? '') > opened ? undefined : verdict;
  if (opened < from && to !== undefined && verdict.raisedAt >= to) return undefined;
  return afterEarlier(verdict, from, earlier);
};

/**
 * The context with the last of its policies, made once: a rule under an earlier policy finds what others showed under every policy. A
 * policy that is only tried is none of them, and has always held.
 */
const underAll = oncePer((context: Context): Context => {
  const { policy: own, policies = [] } = context;
  const last = policies.at(-1)?.policy;
  const isTried = policies.every(({ policy }) => policy !== own);
  return last === undefined || last === own || isTried ? context : { ...context, policy: last };
});

/** What was shown of an engagement, by rule. */
interface Shown {
  readonly policies: object;
  readonly now: Instant;
  readonly verdicts: readonly PolicyVerdict[];
}
const shownOf = oncePer((_: Engagement) => new Map<BoundRule, Shown>());

/**
 * Another rule's verdicts as they were shown, whichever policy the asking rule is judged under. They are found once for all the policies
 * that the asking rule is judged under.
 */
export const shownVerdicts = (rule: BoundRule, view: View): readonly PolicyVerdict[] => {
  const context = underAll(view.context);
  const [policies, known] = [context.policies ?? context, shownOf(view.engagement)];
  const before = context.policy === context.policies?.at(-1)?.policy ? known.get(rule) : undefined;
  if (before !== undefined && before.policies === policies && before.now === view.now) return before.verdicts;
  const verdicts = verdictsUnder(rule, { ...view, context, openedFrom: undefined });
  known.set(rule, { policies, now: view.now, verdicts });
  return verdicts;
};

/**
 * A rule's verdicts, each under the policy that was in force when its episode was opened: a flag that a policy raised stays when the
 * next one comes, and a running timer keeps its due instant: while either lasts, a later policy begins no timer for the same subject. What waits for nothing, such as a share above its limit, and holds when
 * a policy comes into force that minds it, is raised by that policy from then on. It is not raised twice: a flag of an earlier policy
 * that is open for the same subject comes first.
 */
export const verdictsUnder = (rule: BoundRule, view: View): readonly PolicyVerdict[] => {
  if (!mayOpen(rule, view)) return [];
  const begun = view.engagement.events[0]?.occurredAt;
  const reigns = reignsOf(view.context).filter(({ from }) => from === undefined || from <= view.now);
  const policyAt = (at: Instant): Policy =>
    lastBefore(reigns, ({ from }) => from !== undefined && from > at)?.context.policy ?? view.context.policy;
  // What ended before the engagement began opens nothing.
  const judging = judgingBy(rule, reigns).filter(({ to }) => to === undefined || begun === undefined || to > begun);
  const found: PolicyVerdict[] = [];
  // An earlier policy's flag stands in the way of a later one's, whenever it was opened.
  const openedFrom = judging.length === 1 ? view.openedFrom : undefined;
  for (const [index, each] of judging.entries()) {
    const time = index === 0 ? { ...each, from: undefined } : each;
    const known = new Set(found.map(episodeOf));
    const before = { standing: standingIn(found), earlier: earlierIn(found) };
    for (const verdict of rule.verdicts({ ...view, context: each.context, openedFrom, heldFrom: time.from })) {
      if (known.has(episodeOf(verdict))) continue;
      const opened = verdict.openedBy.occurredAt;
      const policy = policyAt(time.from !== undefined && opened < time.from ? time.from : opened);
      const shown = shownIn(time, { ...verdict, policy }, before);
      if (shown !== undefined) found.push(shown);
    }
  }
  return found;
};
