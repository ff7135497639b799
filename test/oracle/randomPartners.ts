// Which businesses are long enough to break every rule on partners? Random engagements of two partners, alike or each its own way.
import fc from 'fast-check';
import type { Context } from '../../domain/context/context.ts';
import { foldParty } from '../../domain/context/party.ts';
import { defaultPolicy } from '../../domain/context/policy.ts';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { derivedPartyOf, parseStreamId, streamIdOf } from '../../events/identifiers.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import { contextOf, offersOf } from '../support/contexts.ts';
import { instant, recorded, tenantId } from '../support/histories/events.ts';
import { org, partyId } from '../support/tabled.ts';
import type { Around } from './partnerRules.ts';

type Role = RecordedOf<'PartyRegistered'>['data']['roles'][number];

const beginning = instant('2025-01-01T09:00');

const within = (least: number, most: number): fc.Arbitrary<number> => fc.integer({ min: least, max: most });
const partners = ['p', 'q'] as const;

/** How much the engagements of a business are alike. */
const habits = fc.record({
  prints: fc.constantFrom(1, 2, 3, 4, 9),
  minutes: fc.constantFrom([600], [600, 650], [300, 600], [100, 600, 1200], [200, 400, 900, 0], [700, 750, 749]),
  offers: fc.constantFrom(['suite'], ['suite'], ['suite', 'other'], ['suite', 'other', 'unknown', undefined]),
  versions: fc.constantFrom([undefined], [undefined, 1], [1, 2, 3]),
  hour: fc.constantFrom(undefined, 6000, 6000, 4000),
  roles: fc.tuple(...partners.map(() => fc.option(rolesOf(), { nil: undefined, freq: 2 }))),
});
function rolesOf(): fc.Arbitrary<Role[]> {
  return fc.subarray<Role>(['var', 'msp', 'si', 'isv', 'distributor'], { minLength: 1 });
}

const deal = fc.record({
  /** Days and minutes since the last deal was opened; minutes keep instants apart. */
  after: within(0, 20),
  pick: within(0, 1000),
  partner: fc.constantFrom('p', 'p', 'p', 'p', 'q'),
  isWon: fc.constantFrom(true, true, true, true, false),
  won: within(0, 10),
  proposed: fc.constantFrom(undefined, undefined, 0, 4),
  started: fc.constantFrom(1, 1, 3, 15, undefined),
  lasts: within(1, 30),
  planned: fc.constantFrom(undefined, 600, 600, 600, 500),
  isPrinted: fc.constantFrom(true, true, true, true, false),
  /** When another partner takes over. */
  handedOver: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, 0, 2, 12),
  earned: fc.constantFrom(undefined, 100_000, 100_000, 99_900, 20_000),
  booked: fc.constantFrom(-3, 0, 2, 40),
  credited: fc.constantFrom(undefined, undefined, undefined, 10_000, 100_000),
  isAgain: fc.constantFrom(false, false, false, false, true),
});
type Deal = typeof deal extends fc.Arbitrary<infer Value> ? Value : never;
type Habits = typeof habits extends fc.Arbitrary<infer Value> ? Value : never;

const pick = <Value>(from: readonly Value[], by: number): Value | undefined => from[by % from.length];

const published = (offerId: string, version: number, at: Instant) =>
  recorded(
    'OfferPublished',
    { offerId, version, components: [{ componentId: 'c', kind: 'base_licence' }] },
    { at, stream: streamIdOf(tenantId, 'offer', offerId) },
  );

const offers = [
  published('suite', 1, instant('2024-01-01')),
  published('suite', 2, addDays(beginning, 60)),
  published('other', 1, addDays(beginning, 40)),
];

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

interface Placed {
  readonly deal: Deal;
  readonly index: number;
  readonly opened: Instant;
}

const delivery = ({ prints, minutes }: Habits, { deal: said, index, opened }: Placed, round: number) => {
  const { started, pick: by, planned, isPrinted, lasts } = said;
  if (started === undefined) return [];
  const stream = streamIdOf(tenantId, 'engagement', `e${index}`);
  const at = addDays(opened, said.won + started + round * 40);
  const live = addDays(at, lasts);
  const work = pick(minutes, by + round) ?? 0;
  const print = `print ${(by + index + round) % prints}`;
  return [
    recorded(
      'DeliveryStarted',
      { plannedMinutes: planned, ...(isPrinted ? { configFingerprint: print } : {}) },
      { at, stream },
    ),
    ...[work - Math.floor(work / 3), Math.floor(work / 3)].map((part, place) =>
      recorded(
        'WorkLogged',
        { workId: `w${round} ${place}`, category: 'implementation', minutes: part },
        { at: addDays(at, place), stream },
      ),
    ),
    recorded('WorkLogged', { workId: `s${round}`, category: 'support', minutes: 700 }, { at, stream }),
    recorded('MilestoneReached', { milestone: 'go_live' }, { at: live, stream }),
    ...(['charge', 'credit'] as const).flatMap((kind) => {
      const amount = kind === 'charge' ? said.earned : said.earned === undefined ? undefined : said.credited;
      return amount === undefined
        ? []
        : [
            recorded(
              'LedgerEntryRecorded',
              {
                ...{ entryId: `${kind} ${round}`, direction: 'revenue', category: 'implementation', kind },
                amount: eur(amount),
              },
              { at: addDays(live, said.booked), stream },
            ),
          ];
    }),
  ];
};

const dealFacts = (business: Habits, placed: Placed): readonly RecordedEvent[] => {
  const { deal: said, index, opened } = placed;
  const stream = streamIdOf(tenantId, 'engagement', `e${index}`);
  const offerId = pick(business.offers, said.pick);
  const offerVersion = pick(business.versions, said.pick + index);
  const other = said.partner === 'p' ? 'q' : 'p';
  const { proposed, handedOver } = said;
  return [
    recorded(
      'EngagementOpened',
      { leadPartner: org(said.partner), ...(offerId === undefined ? {} : { offerId, offerVersion }) },
      { at: opened, stream },
    ),
    ...(proposed === undefined
      ? []
      : [recorded('SolutionProposed', { offerId: 'suite' }, { at: addDays(opened, proposed), stream })]),
    ...(handedOver === undefined
      ? []
      : [
          recorded(
            'PartnerAssigned',
            { partner: org(other), by: 'connection' },
            { at: addDays(opened, handedOver), stream },
          ),
        ]),
    recorded('DealClosed', { result: said.isWon ? 'won' : 'lost' }, { at: addDays(opened, said.won), stream }),
    ...delivery(business, placed, 0),
    ...(said.isAgain ? delivery(business, placed, 1) : []),
  ];
};

export interface RandomBusiness {
  readonly events: readonly RecordedEvent[];
  readonly now: Instant;
  readonly around: Around;
  readonly context: Context;
}

const businessOf = (business: Habits, deals: readonly Deal[], looked: number): RandomBusiness => {
  let opened = beginning;
  const facts = deals.flatMap((said, index) => {
    opened = addMilliseconds(addDays(opened, said.after), 7 * 60_000);
    return dealFacts(business, { deal: said, index, opened });
  });
  const registered = partners.flatMap((name, index) => {
    const roles = business.roles[index];
    const stream = derivedPartyOf(tenantId, org(name));
    return roles === undefined
      ? []
      : [
          {
            name,
            roles,
            event: recorded('PartyRegistered', { party: org(name), roles }, { at: '2024-01-01', stream }),
          },
        ];
  });
  const { hour } = business;
  return {
    events: [...facts, ...offers].toSorted((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1)),
    now: addDays(beginning, looked),
    around: { roles: new Map(registered.map(({ name, roles }) => [name, roles])), hour },
    context: contextOf({
      policy: { ...defaultPolicy, labourRates: hour === undefined ? [] : [eur(hour)] },
      offers: offersOf(...offers),
      parties: new Map(registered.map(({ event }) => [parseStreamId(event.streamId).id, foldParty([event])])),
    }),
  };
};

export const partnerIds: ReadonlyMap<string, string> = new Map(partners.map((name) => [partyId(name), name]));

/** Up to thirty deals of two partners, and an instant at which to look at them. */
export const aBusiness: fc.Arbitrary<RandomBusiness> = fc
  .tuple(habits, fc.array(deal, { minLength: 6, maxLength: 30, size: 'max' }), within(60, 500))
  .map(([business, deals, looked]) => businessOf(business, deals, looked));
