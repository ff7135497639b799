// Which deals are registered for which partner, until when, and which registrations exclude each other?
import type { RecordedOf } from '../../../events/catalog.ts';
import { addDays, type Instant } from '../../../events/instant.ts';
import type { Facts } from '../facts.ts';

type Registered = RecordedOf<'DealRegistered'>;

export interface Registration {
  readonly registrationId: string;
  readonly customer: string;
  readonly partner: string;
  /** Undefined: whatever the customer buys. */
  readonly offerId: string | undefined;
  /** When its protection begins: when it was first registered. */
  readonly from: Instant;
  /** When it ends: at the end of its last day, UTC. Undefined: nobody said so. */
  readonly until: Instant | undefined;
  /** What was said of it, in fold order: each holds when it occurred, and when it was recorded here. The last one counts. */
  readonly events: readonly Registered[];
}

/** The party that a reference means, as a key. */
type PartyKey = (party: Registered['data']['customer']) => string;

const registrationOf = (events: readonly Registered[], partyKey: PartyKey): readonly Registration[] => {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { registrationId, customer, partner, offerId, protectedUntil } = last.data;
  const until = protectedUntil === undefined ? undefined : addDays(`${protectedUntil}T00:00:00.000Z`, 1);
  return [
    {
      ...{ registrationId, customer: partyKey(customer), partner: partyKey(partner), offerId },
      ...{ from: first.occurredAt, until, events },
    },
  ];
};

/** The registrations of some facts, by their beginning. A registration that is said again, such as extended, is one. */
export const registrationsOf = (facts: Pick<Facts, 'of'>, partyKey: PartyKey): readonly Registration[] =>
  [...Map.groupBy(facts.of('DealRegistered'), ({ data }) => data.registrationId).values()].flatMap((events) =>
    registrationOf(events, partyKey),
  );

/** What decides whether registrations exclude each other. */
export type Protection = Omit<Registration, 'events'>;

/** Two registrations that exclude each other. `earlier` was registered first. */
export interface RegistrationConflict<R extends Protection = Registration> {
  readonly earlier: R;
  readonly later: R;
}

const overlap = (earlier: Protection, later: Protection): boolean =>
  (earlier.until === undefined || later.from < earlier.until) &&
  (later.until === undefined || later.from < later.until);

const excludes = (earlier: Protection, later: Protection): boolean =>
  earlier.partner !== later.partner &&
  (earlier.offerId === undefined || later.offerId === undefined || earlier.offerId === later.offerId) &&
  overlap(earlier, later);

const byBeginning = (a: Protection, b: Protection): number => {
  if (a.from !== b.from) return a.from < b.from ? -1 : 1;
  return a.registrationId < b.registrationId ? -1 : a.registrationId > b.registrationId ? 1 : 0;
};

/**
 * The conflicts among registrations, of one engagement or of several: one customer and offer is protected for two partners at one
 * time. Each registration is held against the earlier ones of its customer that still protect when it begins, so the work grows with
 * the conflicts.
 */
export const registrationConflicts = <R extends Protection>(
  registrations: readonly R[],
): readonly RegistrationConflict<R>[] =>
  [...Map.groupBy(registrations, ({ customer }) => customer).values()].flatMap((ofCustomer) => {
    const conflicts: RegistrationConflict<R>[] = [];
    let open: readonly R[] = [];
    for (const later of ofCustomer.toSorted(byBeginning)) {
      open = open.filter(({ until }) => until === undefined || later.from < until);
      conflicts.push(...open.filter((earlier) => excludes(earlier, later)).map((earlier) => ({ earlier, later })));
      open = [...open, later];
    }
    return conflicts;
  });
