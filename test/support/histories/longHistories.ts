// How may a stream grow long? By any one thing said again and again: each shape makes as many facts as are asked for.
import type { EventType, Fact, RecordedEvent } from '../../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../../events/instant.ts';
import { fact, type Said } from './events.ts';

const beginning: Instant = '2025-01-01T08:00:00.000Z';
const hours = (count: number): Instant => addMilliseconds(beginning, count * 3_600_000);

type Saying = (index: number) => Fact;

const say = <T extends EventType>(type: T, said: Said<T>, index: number, at = hours(index)): Fact =>
  fact(type, said, { at, sourceId: `${type} ${index}`, currency: 'EUR' });

const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const pickOf = <Item>(items: readonly [Item, ...Item[]], index: number): Item =>
  items[index % items.length] ?? items[0];

const routes = ['direct', 'marketplace', 'two_tier', 'co_sell'] as const;
const claimants = ['seller_of_record', 'marketplace', 'distributor', 'crm'] as const;

const order = (index: number, said: Partial<Said<'OrderPlaced'>> = {}): Fact =>
  say(
    'OrderPlaced',
    {
      claimedBy: pickOf(claimants, index),
      orderId: `O${index}`,
      legs: [
        { seq: 1, component: 'licence', seller: org('vendor'), buyer: org('partner'), amount: eur(7000) },
        { seq: 2, component: 'licence', seller: org('partner'), buyer: org('customer'), amount: eur(9000) },
      ],
      fees: [{ payee: org('market'), payer: org('partner'), kind: 'listing', amount: eur(90) }],
      ...said,
    },
    index,
  );

const subscribed = (id: string, index: number, at = hours(index)): Fact =>
  say(
    'SubscriptionStarted',
    {
      subscriptionId: id,
      kind: 'base_licence',
      quantity: 5,
      price: eur(12_000),
      billingPeriod: 'P1M',
      termStart: at,
      termEnd: addDays(at, 365),
    },
    index,
    at,
  );

const worked = (index: number): Fact =>
  say('WorkLogged', { workId: `w${index}`, category: 'implementation', minutes: index % 700 }, index);

/** A year of one anchor subscription a step: each cycle is sold, delivered, reported, handed over and renewed again. */
const cycling: Saying = (index) => {
  const year = Math.floor(index / 8);
  const at = addDays(beginning, year * 100 + (index % 8) * 9);
  const said = <T extends EventType>(type: T, data: Said<T>) => say(type, data, index, at);
  switch (index % 8) {
    case 0:
      return said('SolutionProposed', { value: { amount: `${year}00.00` } });
    case 1:
      return said('DealClosed', { result: 'won' });
    case 2:
      return year === 0 ? subscribed('anchor', index, at) : said('OrderFulfilled', { orderId: `O${year}` });
    case 3:
      return said('DeliveryStarted', {});
    case 4:
      return said('MilestoneReached', { milestone: 'go_live' });
    case 5:
      return said('ValueReported', { reportId: `r${year}`, sections: ['business_impact'] });
    case 6:
      return said('RenewalProposed', { subscriptionIds: ['anchor', `unknown ${year}`] });
    default:
      return said('SubscriptionRenewed', {
        subscriptionId: 'anchor',
        termStart: addDays(beginning, (year + 1) * 100),
        termEnd: addDays(beginning, (year + 2) * 100),
        quantity: year,
      });
  }
};

const handoff = (index: number, id: string, stages = { fromStage: 'sell', toStage: 'deliver' } as const): Fact => {
  const named = { handoffId: id, ...stages };
  const complete = { toOwner: 'person:1', contextRef: 'doc:1', expectations: [{ textRef: 'wiki:1' }] };
  if (index % 4 === 3) return say('HandoffAccepted', named, index);
  return say('HandoffOffered', { ...named, ...(index % 4 === 2 ? complete : {}) }, index);
};

const sayings: Readonly<Record<string, Saying>> = {
  'values without a currency': (index) =>
    say('DealRevised', { value: { amount: `${index}`, ...(index === 7 ? { currency: 'NOK' } : {}) } }, index),
  'one fact restated': (index) =>
    fact(
      'DealRevised',
      { value: { amount: `${index}` } },
      { at: hours(index), sourceId: 'deal', seq: String(index).padStart(9, '0') },
    ),
  'orders that share no key': (index) =>
    index % 3 === 2 ? say('OrderFulfilled', { orderId: `O${index - 1}` }, index) : order(index),
  'orders joined in a chain': (index) => order(index, { agreementId: `A${index}`, poNumber: `A${index + 1}` }),
  'claims of one order': (index) => order(index, { orderId: 'O', total: { amount: `${index}` } }),
  quotes: (index) => say('SolutionProposed', { expiresAt: hours(index + 400).slice(0, 10) }, index),
  subscriptions: (index) => {
    const id = `s${Math.floor(index / 4)}`;
    if (index % 4 === 0) return subscribed(id, index);
    if (index % 4 === 1)
      return say('SubscriptionChanged', { subscriptionId: id, quantity: index, effectiveAt: hours(index + 90) }, index);
    if (index % 4 === 2) {
      const measured = { windowStart: hours(index - 1), windowEnd: hours(index), metric: 'seats' };
      return say('UsageMeasured', { subscriptionId: id, activeUnits: 0, ...measured }, index);
    }
    return index % 8 === 3
      ? say('SubscriptionEnded', { subscriptionId: id, effectiveAt: hours(index + 3000) }, index)
      : say(
          'SubscriptionRenewed',
          { subscriptionId: id, termStart: hours(index), termEnd: hours(index + 9000) },
          index,
        );
  },
  'one subscription changed and renewed': (index) => {
    if (index === 0) return subscribed('s', index);
    if (index % 2 === 0)
      return say(
        'SubscriptionChanged',
        { subscriptionId: 's', sku: `k${index}`, quantity: index, effectiveAt: hours(index + 40) },
        index,
      );
    return say(
      'SubscriptionRenewed',
      { subscriptionId: 's', termStart: hours(index), termEnd: hours(index + 5000) },
      index,
    );
  },
  usage: (index) => {
    if (index < 5) return subscribed(`s${index}`, index);
    const measured = { windowStart: hours(index - 1), windowEnd: hours(index), metric: 'seats' };
    return say('UsageMeasured', { subscriptionId: `s${index % 7}`, activeUnits: index % 2, ...measured }, index);
  },
  cycles: cycling,
  handoffs: (index) => handoff(index, `h${Math.floor(index / 4)}`),
  'one handoff offered again': (index) => handoff(index, 'h'),
  'incomplete handoffs of two stages': (index) =>
    say('HandoffOffered', { handoffId: `h${index}`, fromStage: 'create', toStage: 'mobilize' }, index),
  'ledger entries': (index) => {
    const entry = { direction: 'revenue', amount: eur(100 + (index % 9)) } as const;
    return index % 2 === 0
      ? say('LedgerEntryRecorded', { ...entry, entryId: `l${index}`, kind: 'charge' }, index)
      : say(
          'LedgerEntryRecorded',
          { ...entry, entryId: `l${index}`, kind: 'credit', correctsEntryId: `l${index - 1}` },
          index,
        );
  },
  reports: (index) =>
    index === 0
      ? say('MilestoneReached', { milestone: 'go_live' }, 0)
      : say('ValueReported', { reportId: `r${index}` }, index, addDays(beginning, index * 120)),
  'renewals proposed and proven late': (index) =>
    index % 2 === 0
      ? say('RenewalProposed', {}, index, addDays(beginning, index * 70))
      : say(
          'ValueReported',
          { reportId: `r${index}`, sections: ['business_impact'] },
          index,
          addDays(beginning, index * 70),
        ),
  'work after it ended and went on': (index) => {
    if (index >= 40)
      return say('WorkLogged', { workId: `w${index}`, category: 'implementation', minutes: index % 700 }, index);
    return say('DealClosed', { result: index % 10 < 5 ? 'won' : 'lost' }, index);
  },
  outcomes: (index) =>
    index % 2 === 0
      ? say('OutcomeAgreed', { outcomeId: `o${index}`, metric: 'hours', target: 4 }, index)
      : say('OutcomeMeasured', { outcomeId: `o${index - (index % 3)}`, value: index, met: true }, index),
  work: (index) =>
    index % 2 === 0
      ? say('DeviationRecorded', { kind: 'customisation', minutes: index % 900 }, index)
      : say('WorkLogged', { workId: `w${index}`, category: 'implementation', minutes: 900 - (index % 700) }, index),
  'routes and proposals': (index) => {
    if (index % 2 === 0) return say('RouteAgreed', { route: pickOf(routes, index / 2) }, index);
    const version = index % 6 === 1 ? { offerVersion: 1 + (index % 50) } : {};
    return say('SolutionProposed', { offerId: `offer ${index % 3}`, ...version }, index);
  },
  leads: (index) =>
    index % 2 === 0
      ? say('PartnerAssigned', { partner: org(`p${index}`), by: 'connection' }, index)
      : say('HandoffOffered', { handoffId: `h${index}`, fromStage: 'deliver', toStage: 'report' }, index),
  'deals that reopen': (index) => {
    if (index % 3 === 0) return say('DealClosed', { result: 'won', value: { amount: `${index}` } }, index);
    return index % 3 === 1
      ? say('DealReopened', {}, index)
      : say('DealRevised', index % 2 === 0 ? { value: null } : { currency: 'USD' }, index);
  },
  'subscriptions paused and cancelled': (index) => {
    if (index % 4 === 0) return subscribed(`s${index}`, index);
    const subscriptionId = `s${index - (index % 4)}`;
    if (index % 4 === 1) return say('SubscriptionSuspended', { subscriptionId }, index);
    return index % 4 === 2
      ? say('SubscriptionReinstated', { subscriptionId }, index)
      : say('CancellationAnnounced', index === 3 ? {} : { subscriptionId }, index);
  },
  'facts that are taken back': (index) => {
    if (index % 2 === 0) return worked(index);
    return say('FactRetracted', { eventId: worked(index - 1).eventId, reason: 'test' }, index);
  },
  'changes of one instant': (index) => {
    if (index === 0) return subscribed('s', 0);
    const change = say('SubscriptionChanged', { subscriptionId: 's', quantity: index }, index, beginning);
    return { ...change, sourceState: { of: 's', was: `${(index - 1) % 50}`, is: `${index % 50}` } };
  },
  'claimed times': (index) => ({
    ...say('CustomerIdentified', { customer: org(`c${index}`) }, index),
    claimedAt: '1970-01-01',
  }),
};

/** Shapes of long histories by what is said most: as many facts as asked for, none of them said twice. */
export const longHistories: Readonly<Record<string, (count: number) => readonly Fact[]>> = Object.fromEntries(
  Object.entries(sayings).map(([shape, saying]) => [
    shape,
    (count) => Array.from({ length: count }, (_, index) => saying(index)),
  ]),
);

/** An offer of as many versions as asked for, each for other routes. */
export const longOffer = (offerId: string, count: number): readonly Fact[] =>
  Array.from({ length: count }, (_, index) =>
    fact(
      'OfferPublished',
      {
        offerId,
        version: index + 1,
        components: [{ componentId: 'c', kind: 'base_licence' }],
        routes: [pickOf(routes, index)],
      },
      { at: hours(index), stream: `acme/offer/${offerId}`, sourceId: `version ${index}` },
    ),
  );

/** Facts as their stream holds them once all are recorded. */
export const recordedAsOne = (facts: readonly Fact[]): readonly RecordedEvent[] =>
  facts.map((said, index) => ({ ...said, version: index + 1, recordedAt: '2028-01-01T00:00:00.000Z' }));
