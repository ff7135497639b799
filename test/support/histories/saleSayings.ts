// Which arbitrary facts say who takes part, what was promised, and how orders and customers are looked after?
import fc from 'fast-check';
import type { Fact } from '../../../events/catalog.ts';
import { addDays, type Instant } from '../../../events/instant.ts';
import { saying } from './saying.ts';

const org = fc.constantFrom('partner', 'isv').map((id) => ({ system: 'crm', kind: 'account', id }));
const orderId = fc.constantFrom('O1', 'P1', 'O9');
const invitationId = fc.constantFrom('i1', 'i2');

/** Such facts, at instants of the history. */
export const saleSayings = (at: fc.Arbitrary<Instant>): fc.Arbitrary<(at: Instant, seq: string) => Fact> =>
  fc.oneof(
    saying('ParticipantInvited', fc.record({ invitationId, org }), ({ invitationId: id }) => id),
    saying(
      'ParticipantJoined',
      fc.record({
        org,
        invitationId: fc.option(invitationId, { nil: undefined }),
        responsibilities: fc.subarray(['sell' as const, 'deliver' as const]),
        from: fc.option(at, { nil: undefined }),
        until: fc.option(at, { nil: undefined }),
      }),
    ),
    saying('ParticipantDeclined', fc.record({ invitationId, reason: fc.constant('declined' as const) })),
    saying(
      'CommitmentSettled',
      fc.record({
        commitmentId: fc.constantFrom('c1', 'c2'),
        how: fc.constantFrom('delivered' as const, 'withdrawn' as const),
      }),
    ),
    saying(
      'DealRegistered',
      at.chain((until) =>
        fc.record({
          registrationId: fc.constantFrom('r1', 'r2', 'r3'),
          customer: org,
          partner: org,
          protectedUntil: fc.constantFrom(addDays(until, 0).slice(0, 10), undefined),
        }),
      ),
      ({ registrationId }) => registrationId,
    ),
    saying('OrderBlocked', fc.record({ orderId, reason: fc.constantFrom('credit' as const, 'legal' as const) })),
    saying('OrderUnblocked', fc.record({ orderId })),
    saying('OrderCancelled', fc.record({ orderId, reason: fc.constant('code:no') })),
    saying('ReportAcknowledged', fc.record({ reportId: fc.constantFrom('r1', 'r2') })),
    saying('TicketProgressed', fc.record({ ticketId: fc.constant('t1'), status: fc.constant('resolved' as const) })),
    saying('EngagementClosed', fc.constant({})),
  );
