// How may recurring revenue come about? Arbitrary engagements of few customers and partners, on few dates that often coincide.
import fc from 'fast-check';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { type Instant, instantOf } from '../../../events/instant.ts';
import { engagement, type Yearly } from './revenue.ts';

/** A month's first instant, or its middle, of three years. */
const aDate: fc.Arbitrary<Instant> = fc
  .tuple(fc.integer({ min: 0, max: 35 }), fc.constantFrom(1, 1, 15))
  .map(([month, day]) => instantOf(Date.UTC(2024, month, day)));

/** An instant at which to look: within those years or a while after. */
export const aNow: fc.Arbitrary<Instant> = fc
  .tuple(fc.integer({ min: 0, max: 52 }), fc.constantFrom(1, 10, 15, 28))
  .map(([month, day]) => instantOf(Date.UTC(2024, month, day)));

const amount: fc.Arbitrary<Yearly> = fc.constantFrom<Yearly>(100, 100, 250, 0, 400, 'unknown');
const known: fc.Arbitrary<Yearly> = fc.constantFrom<Yearly>(100, 100, 250, 0, 400);
const currency = fc.constantFrom('EUR', 'EUR', 'EUR', 'NOK');
const subscription = fc.constantFrom('a', 'b', 'c');
const partner = fc.constantFrom('p', 'q');
const customer = fc.constantFrom('c', 'd', undefined);

type Words = ReturnType<typeof engagement>;
type Saying = (e: Words) => RecordedEvent;

const sayings = (yearly: fc.Arbitrary<Yearly>): fc.Arbitrary<Saying> =>
  fc.oneof(
    fc.tuple(aDate, subscription, yearly, currency, fc.option(partner, { nil: undefined, freq: 4 })).map(
      ([at, id, price, of, own]): Saying =>
        (e) =>
          e.started(at, id, price, { currency: of, ...(own === undefined ? {} : { partner: own }) }),
    ),
    fc.tuple(aDate, subscription, yearly, currency).map(
      ([at, id, price, of]): Saying =>
        (e) =>
          e.changed(at, id, price, of),
    ),
    fc.tuple(aDate, subscription, aDate).map(
      ([at, id, effective]): Saying =>
        (e) =>
          e.ended(at, id, effective),
    ),
    fc.tuple(aDate, partner).map(
      ([at, who]): Saying =>
        (e) =>
          e.assigned(at, who),
    ),
  );

const ofEngagement = (id: string, yearly: fc.Arbitrary<Yearly>): fc.Arbitrary<readonly RecordedEvent[]> =>
  fc
    .tuple(customer, fc.option(partner, { nil: undefined }), fc.array(sayings(yearly), { minLength: 2, maxLength: 9 }))
    .map(([whose, lead, said]) => {
      const e = engagement(id);
      const opened = e.opened('2023-12-01', {
        ...(whose === undefined ? {} : { customer: whose }),
        ...(lead === undefined ? {} : { lead }),
      });
      return [opened, ...said.map((say) => say(e))];
    });

const engagementsOf = (yearly: fc.Arbitrary<Yearly>): fc.Arbitrary<readonly RecordedEvent[]> =>
  fc
    .tuple(...['e1', 'e2', 'e3'].map((id) => ofEngagement(id, yearly)))
    .chain((all) => fc.integer({ min: 1, max: all.length }).map((count) => all.slice(0, count).flat()));

/** The events of one to three engagements. */
export const someRevenue = engagementsOf(amount);

/** The same, all amounts known. */
export const someKnownRevenue = engagementsOf(known);
