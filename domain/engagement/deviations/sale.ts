// Where do facts of the sale contradict each other: answers without an invitation, promises that nobody made, registrations that exclude each other?
import { type Context, partyIdOf } from '../../context/context.ts';
import { retirementAt } from '../../context/offer.ts';
import { isLater } from '../../time/tolerance.ts';
import { namingsOf } from '../offerAsSold.ts';
import { answersToInvitations, joinedFrom } from '../sell/participants.ts';
import { registrationConflicts, registrationsOf } from '../sell/registrations.ts';
import { type CheckOf, deviation, groupedBy } from './deviation.ts';

export const saleKinds = [
  'invitationUnknown',
  'invitationAnsweredTwice',
  'participationEmpty',
  'commitmentSettledNotMade',
  'registrationsConflict',
  'retiredOfferProposed',
] as const;
type SaleKind = (typeof saleKinds)[number];

const partyKeyIn =
  (context: Context) =>
  (party: Parameters<typeof partyIdOf>[1]): string =>
    partyIdOf(context, party);

const invitations: CheckOf<SaleKind> = (engagement) => {
  const invited = new Set(engagement.of('ParticipantInvited').map(({ data }) => data.invitationId));
  return [...answersToInvitations(engagement)].flatMap(([id, answers]) => [
    ...(invited.has(id) ? [] : [deviation('invitationUnknown' as const, id, answers)]),
    // Who joined may answer for something else later, by the same invitation.
    ...(new Set(answers.map(({ type }) => type)).size > 1
      ? [deviation('invitationAnsweredTwice' as const, id, answers)]
      : []),
  ]);
};

/** It ends before it begins, so nobody ever answered for anything by it. */
const participations: CheckOf<SaleKind> = (engagement) =>
  engagement
    .of('ParticipantJoined')
    .filter((event) => event.data.until !== undefined && event.data.until <= joinedFrom(event))
    .map((event) => deviation('participationEmpty', event.data.until ?? '', [event]));

const commitments: CheckOf<SaleKind> = (engagement) => {
  const made = new Set(engagement.of('SolutionProposed').flatMap(({ data }) => data.commitments.map(({ id }) => id)));
  const unknown = engagement.of('CommitmentSettled').filter(({ data }) => !made.has(data.commitmentId));
  return groupedBy(unknown, ({ data }) => data.commitmentId).map(([id, events]) =>
    deviation('commitmentSettledNotMade', id, events),
  );
};

const registrations: CheckOf<SaleKind> = (engagement, context) =>
  registrationConflicts(registrationsOf(engagement, partyKeyIn(context))).map(({ earlier, later }) =>
    deviation('registrationsConflict', `${earlier.registrationId}, ${later.registrationId}`, [
      ...earlier.events,
      ...later.events,
    ]),
  );

/** An offer is proposed after it was retired, and before a new version brought it back. */
const retired: CheckOf<SaleKind> = (engagement, { offers }) =>
  namingsOf(engagement).flatMap((event) => {
    const offer = offers.get(event.data.offerId ?? '');
    const retirement = offer === undefined ? undefined : retirementAt(offer, event.occurredAt);
    return retirement === undefined || !isLater(event.occurredAt, retirement.occurredAt)
      ? []
      : [deviation('retiredOfferProposed', event.data.offerId ?? '', [retirement, event])];
  });

export const saleChecks: readonly CheckOf<SaleKind>[] = [
  invitations,
  participations,
  commitments,
  registrations,
  retired,
];
