// What did a partner win and deliver, over all the engagements that it led then? Plain lists, in the order in which they count.
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { goLivesOf, type Life, last, lifeOf, winsOf } from './life.ts';

type Lead = RecordedOf<'EngagementOpened'>['data']['leadPartner'];

interface Use {
  /** Who led when the deal was won, or the delivery started. */
  readonly lead: string | undefined;
  readonly at: Instant;
  readonly event: RecordedEvent;
  readonly offerId: string | undefined;
}

export interface Win extends Use {
  readonly isPublished: boolean;
}

export interface Delivered extends Use {
  readonly minutes: number;
  readonly planned: number | undefined;
  readonly fingerprint: string | undefined;
  /** What its implementation earned, minor units, and since when it is live and that is known; undefined if nothing was. */
  readonly earned: { readonly minor: number; readonly from: Instant } | undefined;
}

export interface Uses {
  readonly wins: readonly Win[];
  readonly deliveries: readonly Delivered[];
}

/** An engagement's life, and the offers around it. */
const livesOf = (recorded: readonly RecordedEvent[], now: Instant): readonly Life[] => {
  const streams = Map.groupBy(recorded, ({ streamId }) => streamId);
  const offers = recorded.filter(({ type }) => type === 'OfferPublished');
  return [...streams]
    .filter(([streamId]) => streamId.includes('/engagement/'))
    .map(([, own]) => lifeOf([...own, ...offers], now));
};

export const nameOf = (lead: Lead | null | undefined): string | undefined => lead?.id;

const leadAt = (life: Life, at: Instant): string | undefined => {
  const said = life.events
    .filter(({ occurredAt }) => occurredAt <= at)
    .flatMap((event) => {
      if (event.type === 'EngagementOpened') return [event.data.leadPartner];
      return event.type === 'PartnerAssigned' ? [event.data.partner] : [];
    });
  return nameOf(said.at(-1));
};

/** The offer that was named last by an instant, and whether the named version of it, else any, was published. */
const offeredAt = (life: Life, at: Instant) => {
  const named = life.events
    .filter(({ occurredAt }) => occurredAt <= at)
    .flatMap((event) => {
      if (event.type !== 'EngagementOpened' && event.type !== 'SolutionProposed') return [];
      return event.data.offerId === undefined ? [] : [event.data];
    })
    .at(-1);
  const isPublished = life.offers.some(
    ({ occurredAt, data }) =>
      occurredAt <= at && data.offerId === named?.offerId && (named.offerVersion ?? data.version) === data.version,
  );
  return { offerId: named?.offerId, isPublished };
};

const winsIn = (life: Life): readonly Win[] =>
  winsOf(life).map((event) => ({
    ...{ lead: leadAt(life, event.occurredAt), at: event.occurredAt, event },
    ...offeredAt(life, event.occurredAt),
  }));

const signs: Readonly<Record<string, number>> = { charge: 1, credit: -1, refund: -1 };

const earnedIn = (entries: readonly RecordedOf<'LedgerEntryRecorded'>[], live: Instant): Delivered['earned'] => {
  const own = entries.filter(
    ({ data }) => data.direction === 'revenue' && data.category === 'implementation' && signs[data.kind] !== undefined,
  );
  const charged = own.find(({ data }) => data.kind === 'charge');
  const minor = own.reduce((sum, { data }) => sum + (signs[data.kind] ?? 0) * data.amount.amountMinor, 0);
  return charged === undefined || minor <= 0 ? undefined : { minor, from: last(charged.occurredAt, live) };
};

const deliveriesIn = (life: Life): readonly Delivered[] => {
  const starts = life.of('DeliveryStarted');
  const lives = goLivesOf(life).map(({ occurredAt }) => occurredAt);
  // What starts before the last one is live goes on with it.
  const begun: RecordedOf<'DeliveryStarted'>[] = [];
  for (const start of starts) {
    const before = begun.at(-1)?.occurredAt;
    if (before === undefined || lives.some((at) => at >= before && at < start.occurredAt)) begun.push(start);
  }
  return begun.flatMap((start, index): readonly Delivered[] => {
    const next = begun[index + 1]?.occurredAt;
    const from = index === 0 ? '' : start.occurredAt;
    const event = goLivesOf(life).find(({ occurredAt }) => occurredAt >= start.occurredAt);
    if (event === undefined) return [];
    const at = event.occurredAt;
    const own = life.events.filter(({ occurredAt }) => occurredAt >= from && occurredAt <= at);
    const restarted = own.filter((one) => one.type === 'DeliveryStarted');
    const minutes = own.reduce(
      (sum, { type, data }) => sum + (type === 'WorkLogged' && data.category === 'implementation' ? data.minutes : 0),
      0,
    );
    const entries = life
      .of('LedgerEntryRecorded')
      .filter(({ occurredAt }) => occurredAt >= from && (next === undefined || occurredAt < next));
    return [
      {
        ...{ lead: leadAt(life, start.occurredAt), at, event, minutes },
        offerId: offeredAt(life, start.occurredAt).offerId,
        planned: restarted.flatMap(({ data }) => data.plannedMinutes ?? []).at(-1),
        fingerprint: restarted.flatMap(({ data }) => data.configFingerprint ?? []).at(-1),
        earned: earnedIn(entries, at),
      },
    ];
  });
};

const inTime = (a: Use, b: Use): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);

/** What each partner won and delivered until an instant, by its id. */
export const usesByPartner = (recorded: readonly RecordedEvent[], now: Instant): ReadonlyMap<string, Uses> => {
  const lives = livesOf(recorded, now);
  const wins = lives.flatMap(winsIn).toSorted(inTime);
  const deliveries = lives.flatMap(deliveriesIn).toSorted(inTime);
  const leads = new Set([...wins, ...deliveries].flatMap(({ lead }) => lead ?? []));
  return new Map(
    [...leads].map((lead) => [
      lead,
      { wins: wins.filter((win) => win.lead === lead), deliveries: deliveries.filter((done) => done.lead === lead) },
    ]),
  );
};
