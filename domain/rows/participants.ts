// Who takes part in an engagement, who answers for what from when until when, and what became of each invitation?
import * as z from 'zod';
import { forEveryone, forSeers, forVendor } from '../../events/audience.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { PartyRole, Responsibility } from '../../events/fields.ts';
import { unconfirmedIn } from '../claims.ts';
import { partyIdOf } from '../context/context.ts';
import {
  type Invitation,
  invitationsOf,
  type Participation,
  participationsOf,
} from '../engagement/sell/participants.ts';
import { At, carriedByEngagement, PartyId, partyName } from './commonColumns.ts';
import { carried, partyOf, type RowContext } from './rowContext.ts';
import { seenBy, seenByColumn } from './seenBy.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forVendor({ partySeenBy: seenByColumn('who it is, and in which role') }),
  ...forSeers(
    { seenBy: 'partySeenBy' },
    {
      partyId: PartyId.nullable().describe('The organisation; null if an invitation does not say whom it invites.'),
      party: partyName('The organisation'),
      role: PartyRole.nullable().describe('Its role, as it joined, else as it was invited; null if none is said.'),
    },
  ),
  ...forEveryone({
    joinedEvent: z
      .string()
      .nullable()
      .describe('The event that says what it answers for; null while it has not joined.'),
    responsibilities: z.array(Responsibility).describe('What it answers for in this time; none: it only takes part.'),
    from: At.nullable().describe(
      'When it begins to answer for them: as it is said, but not before it was said. Null while it has not joined.',
    ),
    until: At.nullable().describe(
      'When it no longer does: by its own end, or by what is said of it later. Null: until something else is said.',
    ),
    answersNow: z
      .boolean()
      .nullable()
      .describe(
        'Whether now, or the date asked for, lies in that time. Computed when the row is read, so it is null in the stored item.',
      ),
    invitationId: z.string().nullable().describe('The invitation that it answers; null if there was none.'),
    invitation: z
      .enum(['open', 'joined', 'declined', 'expired'])
      .nullable()
      .describe(
        'What became of the invitation; null if there was none. One that runs out stays open until a fact says so.',
      ),
    invitedEvent: z.string().nullable().describe('The event that invites it; null if none is known.'),
    invitedAt: At.nullable().describe('When it was invited; null if no invitation is known.'),
    answeredAt: At.nullable().describe('When the invitation was first answered; null while it is not.'),
  }),
  ...forVendor({ invitedSeenBy: seenByColumn('when the invitation expires') }),
  ...forSeers(
    { seenBy: 'invitedSeenBy', from: 'invitedEvent' },
    { expiresAt: At.nullable().describe('When the invitation expires without an answer; null if that is not said.') },
  ),
  ...forEveryone({
    claim: z
      .enum(['unconfirmed'])
      .nullable()
      .describe(
        'unconfirmed: a partner says it, the vendor has not confirmed it, and nobody else says anything; else null.',
      ),
  }),
  ...forVendor({
    saidBy: z
      .enum(['vendor', 'partner', 'system'])
      .describe('Who says it: the tenant’s own people, a partner, or a system. For the vendor alone.'),
    saidById: PartyId.nullable().describe('The party that says it; null if no party does. For the vendor alone.'),
  }),
});

type Cells = Columns<typeof columns>;

/** Who says it, and whether that is known to be so. */
const saidCells = ({ engagement }: RowContext, event: RecordedEvent): Pick<Cells, 'claim' | 'saidBy' | 'saidById'> => ({
  claim: unconfirmedIn(engagement.events)(event) ? 'unconfirmed' : null,
  saidBy: event.saidBy?.role ?? 'system',
  saidById: event.saidBy?.partyId ?? null,
});

const invitationCells = (rowContext: RowContext, invitation: Invitation | undefined) => ({
  invitation: invitation?.state ?? null,
  invitedEvent: invitation?.event.eventId ?? null,
  invitedAt: invitation?.event.occurredAt ?? null,
  answeredAt: invitation?.answer?.occurredAt ?? null,
  invitedSeenBy: seenBy(invitation === undefined ? [] : [rowContext.seersOf(invitation.event, 'expiresAt')]),
  expiresAt: invitation?.event.data.expiresAt ?? null,
});

const joinedCells = (
  rowContext: RowContext,
  { party, event, responsibilities, from, until, endedBy }: Participation,
  invitation: Invitation | undefined,
): Cells => ({
  ...carried(rowContext, endedBy.eventId),
  // Whoever sees the engagement sees who joined.
  partySeenBy: seenBy([]),
  ...{ partyId: party, party: rowContext.nameOfParty(party), role: event.data.role ?? null },
  ...{ joinedEvent: event.eventId, responsibilities: [...responsibilities], from, until: until ?? null },
  answersNow: null,
  invitationId: event.data.invitationId ?? null,
  ...invitationCells(rowContext, invitation),
  ...saidCells(rowContext, event),
});

const invitedCells = (rowContext: RowContext, invitation: Invitation): Cells => {
  const { invitationId, event, answer } = invitation;
  const partyId = partyOf(rowContext.context, event.data.org);
  return {
    ...carried(rowContext, answer?.eventId ?? event.eventId),
    partySeenBy: seenBy([rowContext.seersOf(event, 'org')]),
    ...{ partyId, party: rowContext.nameOfParty(partyId), role: event.data.role ?? null },
    ...{ joinedEvent: null, responsibilities: [], from: null, until: null, answersNow: null },
    invitationId,
    ...invitationCells(rowContext, invitation),
    ...saidCells(rowContext, answer ?? event),
  };
};

/** A row for each time in which a party takes part, and for each invitation by which nobody joined. */
const participantRows = (rowContext: RowContext) => {
  const { engagement, context } = rowContext;
  const { engagementId } = engagement;
  const invitations = new Map(invitationsOf(engagement).map((invitation) => [invitation.invitationId, invitation]));
  const participations = participationsOf(engagement, (org) => partyIdOf(context, org));
  const answering = new Set(participations.map(({ event }) => event.data.invitationId));
  return [
    ...participations.map((participation) => ({
      key: { engagementId, fact: participation.event.factId },
      columns: joinedCells(rowContext, participation, invitations.get(participation.event.data.invitationId ?? '')),
    })),
    ...[...invitations.values()]
      .filter(({ invitationId }) => !answering.has(invitationId))
      .map((invitation) => ({
        key: { engagementId, fact: invitation.event.factId },
        columns: invitedCells(rowContext, invitation),
      })),
  ];
};

export const participants = defineTable({
  name: 'participants',
  describes: 'One time in which an organisation takes part in an engagement, or one invitation to do so.',
  grain: 'engagement',
  key: ['engagementId', 'fact'],
  columns,
  indexes: [byLeadPartner],
  rows: participantRows,
  whenRead: ({ from, until }, at) => ({
    answersNow: typeof from === 'string' && from <= at && (typeof until !== 'string' || at < until),
  }),
  turns: () => [],
});
