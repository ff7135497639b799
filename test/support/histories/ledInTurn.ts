// What may be said of an engagement that partners lead one after the other? Everything, at any time, by anyone, with a mark in every field.
import fc from 'fast-check';
import type { Fact } from '../../../events/catalog.ts';
import type { Reference } from '../../../events/envelope.ts';
import { derivedPartyOf, parseStreamId, streamIdOf, uuidOf } from '../../../events/identifiers.ts';
import { addDays, addMilliseconds, type Instant } from '../../../events/instant.ts';
import { fact, tenantId } from './events.ts';
import { everythingSaid } from './everything.ts';

const party = (id: string): Reference => ({ system: 'erp', kind: 'account', id });
export const partners = { a: party('a'), b: party('b'), c: party('c') } as const;
export type Partner = keyof typeof partners;

/** The party id of a reference of these histories. */
export const idOf = (reference: Reference): string => parseStreamId(derivedPartyOf(tenantId, reference)).id;

/** Who leads from an instant on; null: nobody. */
export interface Span {
  readonly at: Instant;
  readonly lead: Partner | null;
}

export interface InTurn {
  readonly spans: readonly Span[];
  /** In order of occurrence. */
  readonly facts: readonly Fact[];
}

/** The first instant, and how many days the history lasts. */
export const beginning: Instant = '2025-11-03T08:00:00.000Z';
const lasts = 400;

const lead = fc.constantFrom<Partner | null>('a', 'b', 'b', null);
const changes = fc
  .tuple(
    fc.array(fc.record({ day: fc.integer({ min: 1, max: lasts }), lead }), { maxLength: 3 }),
    // Somebody leads in the end, mostly another partner than at first, and so may ask.
    fc.record({
      day: fc.integer({ min: lasts / 2, max: lasts }),
      lead: fc.constantFrom<Partner | null>('a', 'b', 'b', 'b', null),
    }),
  )
  .map(([before, last]) => [...before.filter(({ day }) => day < last.day).toSorted((x, y) => x.day - y.day), last]);

/** How one fact is said: on which day, just before or at it, by whom, and who trades with whom in it. */
const saying = fc.record({
  day: fc.integer({ min: 1, max: lasts }),
  /** At the very instant of the change of lead with that number, if there is one. */
  atChange: fc.option(fc.nat(3), { freq: 3 }),
  said: fc.constantFrom<Partner | 'vendor' | undefined>(undefined, undefined, undefined, 'a', 'b', 'vendor'),
  traders: fc.tuple(fc.constantFrom<Partner>('a', 'b', 'c'), fc.constantFrom<Partner>('a', 'b', 'c')),
});

const saidBy = (said: Partner | 'vendor' | undefined): Pick<Fact, 'saidBy'> => {
  if (said === undefined) return {};
  return { saidBy: said === 'vendor' ? { role: 'vendor' } : { role: 'partner', partyId: idOf(partners[said]) } };
};

/** The parties of a fact's legs, fees and entries, in place of the fixture's; and a route that the offer may not be sold by. */
const traded = (said: Fact, [from, to]: readonly [Partner, Partner]): Fact => {
  if (said.type === 'RouteAgreed')
    return { ...said, data: { ...said.data, route: from === 'a' ? 'direct' : 'co_sell' } };
  if (said.type === 'LedgerEntryRecorded') return { ...said, data: { ...said.data, party: partners[from] } };
  if (said.type === 'SubscriptionStarted') return { ...said, data: { ...said.data, partner: partners[from] } };
  if (said.type !== 'OrderPlaced') return said;
  const legs = said.data.legs.map((leg, index) =>
    index === 0 ? { ...leg, seller: partners[from], buyer: partners[to] } : leg,
  );
  const fees = said.data.fees.map((fee) => ({ ...fee, payee: partners[to] }));
  return { ...said, data: { ...said.data, legs, fees } };
};

const isOfLead = ({ type }: Fact): boolean => type === 'EngagementOpened' || type === 'PartnerAssigned';

const ending: ReadonlySet<string> = new Set(['SubscriptionEnded', 'SubscriptionSuspended', 'EngagementWithdrawn']);

/** A history of one engagement, whose offer, campaign and customer are its own. */
export const ledInTurn = (engagement: string): fc.Arbitrary<InTurn> => {
  const all = everythingSaid({ engagement, lead: partners.a });
  const stream = streamIdOf(tenantId, 'engagement', engagement);
  const others = [...all, ...all].filter((each) => !isOfLead(each));
  return fc
    .record({
      changes,
      first: fc.constantFrom<Partner>('a', 'a', 'b'),
      /** Most engagements go on to the end, so that they have revenue, and flags with revenue at risk. */
      ends: fc.constantFrom(false, false, false, true),
      sayings: fc.array(saying, { minLength: others.length, maxLength: others.length }),
    })
    .map(({ changes: turns, first, ends, sayings }) => {
      const spans: readonly Span[] = [
        { at: beginning, lead: first },
        ...turns.map(({ day, lead: next }) => ({ at: addDays(beginning, day), lead: next })),
      ];
      const opened = all
        .filter(({ type }) => type === 'EngagementOpened')
        .map(
          (each): Fact =>
            each.type === 'EngagementOpened'
              ? { ...each, occurredAt: beginning, data: { ...each.data, leadPartner: partners[first] } }
              : each,
        );
      const assigned = spans
        .slice(1)
        .map(({ at, lead: next }, index) =>
          fact(
            'PartnerAssigned',
            { partner: next === null ? null : partners[next], by: 'connection' },
            { at, stream, sourceId: `${engagement} ${index}` },
          ),
        );
      const said = others.flatMap((each, index): readonly Fact[] => {
        if (!ends && ending.has(each.type)) return [];
        const { day = 1, atChange = null, said: who, traders = ['a', 'b'] as const } = sayings[index] ?? {};
        const change = atChange === null ? undefined : spans[atChange + 1];
        const occurredAt = change?.at ?? addMilliseconds(addDays(beginning, day), index);
        const factId = uuidOf('said', each.factId, String(index));
        // Prices are yearly, so that the revenue of a year is the price itself.
        const yearly = 'billingPeriod' in each.data ? { data: { ...each.data, billingPeriod: 'P1Y' } } : {};
        const ids = { factId, eventId: uuidOf(factId), occurredAt, sourceSeq: undefined, supersedes: undefined };
        return [traded(Object.assign({}, each, yearly, ids, saidBy(who)), traders)];
      });
      const facts = [...opened, ...assigned, ...said].toSorted((x, y) =>
        x.occurredAt < y.occurredAt ? -1 : x.occurredAt > y.occurredAt ? 1 : 0,
      );
      return { spans, facts };
    });
};
