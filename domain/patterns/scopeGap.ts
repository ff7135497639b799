// Was something promised that can't be delivered?
import * as z from 'zod';
import { uuidOf } from '../../events/identifiers.ts';
import { awaited, cites } from './awaited.ts';
import { type BrokenCommitment, brokenCommitments } from './commitments.ts';
import type { Evidence, Rule } from './pattern.ts';

const noThresholds = z.object({});

const reasonOf = ({ endedBy }: BrokenCommitment): string => {
  if (endedBy?.type !== 'CommitmentSettled') return 'offerHasCapability';
  switch (endedBy.data.how) {
    case 'delivered':
      return 'commitmentDelivered';
    case 'withdrawn':
      return 'commitmentWithdrawn';
    case 'changeOrder':
      return 'changeOrderAgreed';
    default:
      return endedBy.data.how satisfies never;
  }
};

/**
 * What was promised is for who led then, and a flag is for who leads now: it cites the events, whose fields are shown to whom they are for.
 * The offer may be another partner's: a flag says its id and its version, and no more than that the capability is not listed.
 */
const evidenceOf = ({ openedBy, version, gaps }: BrokenCommitment): readonly Evidence[] => [
  ...(version === undefined
    ? []
    : [
        cites(openedBy, 'the proposal made the commitment'),
        cites(version, `version ${version.data.version} of offer ${version.data.offerId} does not list its capability`),
      ]),
  ...gaps.map((gap) => cites(gap, 'delivery found that the commitment is outside the scope')),
];

/**
 * P3.6: a proposal commits to a capability that the offer does not have (high), or delivery found that a commitment is outside the scope
 * (critical). It clears once the commitment is settled: delivered, withdrawn or changed by an order; while no gap is found, also by
 * a proposal whose offer has the capability. Who settles it within the tolerance broke no promise.
 */
export const scopeGap: Rule<typeof noThresholds> = {
  id: 'P3.6',
  title: 'Promised but not deliverable',
  opens: ['SolutionProposed', 'DeviationRecorded'],
  thresholds: noThresholds,
  verdicts: (view) =>
    brokenCommitments(view.engagement, view.context, view.now).flatMap((broken) =>
      awaited(view, {
        // Not its own id, which is for who led then.
        subject: `commitment:${uuidOf('commitment', broken.commitmentId)}`,
        openedBy: broken.openedBy,
        awaits: [],
        dueAt: broken.since,
        answer: broken.endedBy,
        waitsFor: 'the commitment to be settled',
        severity: broken.gaps.length > 0 ? 'critical' : 'high',
        evidence: evidenceOf(broken),
        clearsWhen: 'The commitment is withdrawn or delivered, or a change of the order is agreed.',
        nextStep:
          'Agree with delivery how the promise is kept, or tell the customer now and agree on a change of the order.',
        reason: reasonOf(broken),
      }),
    ),
};
