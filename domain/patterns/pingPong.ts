// Is a handoff rejected again and again?
import * as z from 'zod';
import type { RecordedOf } from '../../events/catalog.ts';
import { epochOf } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import { cycleOf } from '../engagement/cycles.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { type HandoffEvent, handoffFacts } from '../engagement/handoffs.ts';
import { type Decision, type RenewalDecisions, renewalDecisionsOf } from '../engagement/renewalDecisions.ts';
import { pairCovering } from '../engagement/requiredHandoffs.ts';
import { tolerance } from '../time/tolerance.ts';
import { cites, clearedBy, closedBy, measured } from './awaited.ts';
import type { Clearing, Rule, Verdict } from './pattern.ts';

/** From how many rejections on, without an acceptance between them, the flag is raised. */
const pingPongThresholds = z.object({ rejections: z.int().min(1).max(100).default(2) });

type Rejection = RecordedOf<'HandoffRejected'>;

/** Rejections of one pair without an acceptance between them, and what ended the series. */
interface Series {
  readonly rejections: readonly Rejection[];
  readonly cleared: Clearing | undefined;
}

/** Whether two systems report one rejection: that of the same handoff, within the tolerance. */
const isSame = (rejection: Rejection, before: Rejection | undefined): boolean =>
  before !== undefined &&
  before.data.handoffId === rejection.data.handoffId &&
  epochOf(rejection.occurredAt) - epochOf(before.occurredAt) <= tolerance;

/** The series of one pair, from its facts in fold order. What is handed over to Renew belongs to the renewal that is next. */
const seriesOf = (own: readonly HandoffEvent[], { ofAnchor }: RenewalDecisions): readonly Series[] => {
  const ended: Series[] = [];
  let rejections: Rejection[] = [];
  let decided: Decision | undefined;
  const end = (cleared: Clearing | undefined): void => {
    if (rejections.length > 0) ended.push({ rejections, cleared });
    rejections = [];
    decided = undefined;
  };
  for (const event of own) {
    if (decided !== undefined && decided.at < event.occurredAt) end(closedBy(decided));
    if (event.type === 'HandoffAccepted') end(clearedBy(event, 'accepted'));
    if (event.type !== 'HandoffRejected' || isSame(event, rejections.at(-1))) continue;
    rejections.push(event);
    if (event.data.toStage === 'renew') decided = ofAnchor(event.occurredAt);
  }
  end(decided === undefined ? undefined : closedBy(decided));
  return ended;
};

const verdictOf = (
  { rejections, cleared }: Series,
  {
    engagement,
    context,
    least,
  }: { readonly engagement: Engagement; readonly context: Context; readonly least: number },
): readonly Verdict[] => {
  const openedBy = rejections[least - 1];
  if (openedBy === undefined) return [];
  const { fromStages, toStage } = pairCovering(context, openedBy.data);
  const name = `${fromStages.join(' or ')} to ${toStage}`;
  return [
    {
      state: 'raised',
      subject: `cycle:${cycleOf(engagement.journey, openedBy)}/${fromStages.join('+')}>${toStage}`,
      openedBy,
      raisedAt: openedBy.occurredAt,
      severity: 'high',
      evidence: [
        ...rejections.map((rejection) => cites(rejection, `the handoff from ${name} was rejected`)),
        measured('rejections without an acceptance', rejections.length, least),
      ],
      clearsWhen: `A handoff from ${name} is accepted.`,
      nextStep: 'Bring both owners together, and agree on what the handoff must hold before it is offered again.',
      cleared,
      changesAt: undefined,
    },
  ];
};

/**
 * P3.5: handoffs of one pair were rejected so many times, and none was accepted in between. Any handoff of the pair counts, in any
 * cycle, since a renewal ends no need; but once a renewal is decided, what was rejected on the way to Renew counts no more.
 */
export const pingPong: Rule<typeof pingPongThresholds> = {
  id: 'P3.5',
  title: 'Handoff rejected again and again',
  opens: ['HandoffRejected'],
  thresholds: pingPongThresholds,
  verdicts: ({ engagement, context }, { rejections: least }) => {
    const decisions = renewalDecisionsOf(engagement, engagement.subscriptions);
    const byPair = Map.groupBy(handoffFacts(engagement), ({ data }) => {
      const { fromStages, toStage } = pairCovering(context, data);
      return `${fromStages.join('+')}>${toStage}`;
    });
    return [...byPair.values()]
      .flatMap((own) => seriesOf(own, decisions))
      .flatMap((series) => verdictOf(series, { engagement, context, least }));
  },
};
