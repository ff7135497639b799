// From which revenue on does an engagement stand in its partner's top quartile, who ties, and does it hold at every instant?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topQuartile } from '../../../domain/rollups/arrQuartiles.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import type { Instant } from '../../../events/instant.ts';
import { instant } from '../../support/histories/events.ts';
import { engagement } from '../../support/histories/revenue.ts';
import { aNow, someRevenue } from '../../support/histories/someRevenue.ts';
import { engagementsAt, rollUp } from '../../support/rolledUp.ts';
import { columnsAt, partyId } from '../../support/tabled.ts';

const now = '2026-06-30';

/** The stretches of a partner's currency, without what every row of it says. */
const stretchesAt = (at: string, events: readonly RecordedEvent[], partner = 'p', currency = 'EUR') =>
  rollUp(engagementsAt(at, events), instant(at))
    .rows.filter(
      ({ table, rowKey }) => table === 'arr_quartiles' && rowKey.startsWith(`${partyId(partner)}|${currency}#`),
    )
    .map(({ columns: { from, until, arrMinor, engagements } }) => ({ from, until, arrMinor, engagements }));

const sold = (
  id: string,
  amount: number | 'unknown',
  at = '2026-01-01',
  said: { currency?: string; lead?: string } = {},
) => {
  const e = engagement(id);
  return [
    e.opened('2025-12-01', { lead: said.lead ?? 'p', customer: id }),
    e.started(at, 's', amount, said.currency === undefined ? {} : { currency: said.currency }),
  ];
};
const all = (...amounts: readonly number[]): readonly RecordedEvent[] =>
  amounts.flatMap((amount, index) => sold(`e${index}`, amount));

describe('the top quartile', () => {
  it.each([
    ['of three there is none', [100, 200, 300], null],
    ['of four is the largest', [100, 200, 300, 400], 400],
    ['of seven is still the largest', [1, 2, 3, 4, 5, 6, 7], 7],
    ['of eight are the two largest', [1, 2, 3, 4, 5, 6, 7, 8], 7],
    ['holds who has exactly its least revenue, also if two have it', [1, 2, 3, 4, 5, 6, 7, 7], 7],
    ['leaves out equals that don’t all fit in', [1, 2, 3, 4, 5, 7, 7, 8], 8],
    ['is empty where more than a quarter share the most', [1, 2, 3, 4, 5, 8, 8, 8], null],
    ['is empty where all have the same', [5, 5, 5, 5, 5, 5, 5, 5], null],
  ])('%s', (_case, ascending, least) => {
    expect(topQuartile(ascending)).toBe(least);
  });

  it('holds a quarter at most, and nobody outside it has as much as somebody in it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 40 }), (revenues) => {
        const ascending = revenues.toSorted((a, b) => a - b);
        const least = topQuartile(ascending);
        if (ascending.length < 4) expect(least).toBeNull();
        if (least === null) return;
        const within = ascending.filter((revenue) => revenue >= least);
        expect(within.length).toBeGreaterThan(0);
        expect(within.length).toBeLessThanOrEqual(ascending.length / 4);
        // Who comes next does not fit in with its equals.
        const next = Math.max(0, ...ascending.filter((revenue) => revenue < least));
        expect(ascending.filter((revenue) => revenue >= next).length).toBeGreaterThan(Math.floor(ascending.length / 4));
      }),
    );
  });
});

describe('a stretch', () => {
  it('begins with the fourth engagement of a partner and a currency', () => {
    expect(stretchesAt(now, [...all(100, 200, 300), ...sold('late', 50, '2026-03-01')])).toEqual([
      { from: instant('2026-03-01'), until: null, arrMinor: 300, engagements: 4 },
    ]);
    expect(stretchesAt(now, [...all(100, 200, 300), ...sold('other', 50, '2026-03-01', { currency: 'NOK' })])).toEqual(
      [],
    );
    expect(stretchesAt(now, [...all(100, 200, 300), ...sold('other', 50, '2026-03-01', { lead: 'q' })])).toEqual([]);
  });

  it('ends when another revenue begins the quartile, or nobody stands in it any more', () => {
    const e = engagement('e3');
    const events = [...all(100, 200, 300, 400), e.changed('2026-03-01', 's', 900), e.ended('2026-05-01', 's')];
    expect(stretchesAt(now, events)).toEqual([
      { from: instant('2026-01-01'), until: instant('2026-03-01'), arrMinor: 400, engagements: 4 },
      { from: instant('2026-03-01'), until: instant('2026-05-01'), arrMinor: 900, engagements: 4 },
    ]);
  });

  it('leaves out revenue that is not known, and that of an engagement in two currencies', () => {
    const doubtful = [...all(100, 200, 300, 400), engagement('e0').started('2026-02-01', 't', 'unknown')];
    expect(stretchesAt(now, doubtful)).toMatchObject([{ until: instant('2026-02-01') }]);
    const mixed = [...all(100, 200, 300, 400), engagement('e0').started('2026-02-01', 't', 5, { currency: 'NOK' })];
    expect(stretchesAt(now, mixed)).toMatchObject([{ until: instant('2026-02-01') }]);
  });

  it('ends where an engagement goes to another partner', () => {
    const moved = [...all(100, 200, 300, 400), engagement('e0').assigned('2026-04-01', 'q')];
    expect(stretchesAt(now, moved)).toMatchObject([{ until: instant('2026-04-01'), arrMinor: 400 }]);
  });

  it('is the same as what the engagements’ own revenue says, at every instant', () => {
    const known = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })), { maxLength: 9 });
    fc.assert(
      fc.property(someRevenue, known, aNow, (events, others, at) => {
        const beside = others.flatMap(([amount, month], index) => sold(`f${index}`, amount * 100, `2024-0${month}-01`));
        const said = [...events, ...beside];
        const stretches = stretchesAt(at, said);
        // Whose subscriptions name no partner of their own has all its revenue with the lead partner.
        const byEngagement = Map.groupBy(said, ({ streamId }) => streamId).values();
        const own = [...byEngagement].filter(
          (of) => !of.some(({ type, data }) => type === 'SubscriptionStarted' && 'partner' in data),
        );
        if (own.length < new Set(said.map(({ streamId }) => streamId)).size) return;
        const revenues = own
          .map((of) => columnsAt('engagements', at, of)[0])
          .flatMap((row) =>
            row?.leadPartnerId === partyId('p') && row.arrCurrency === 'EUR' && Number(row.arrMinor) > 0
              ? [Number(row.arrMinor)]
              : [],
          )
          .sort((a, b) => a - b);
        const last = stretches.at(-1);
        expect(last?.until === null ? last.arrMinor : null).toBe(topQuartile(revenues));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the history of thresholds', () => {
  it('stays as it was when something happens later', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), { maxLength: 20 }),
        (pairs) => {
          const events = pairs.flatMap(([amount, month], index) =>
            sold(`e${index}`, amount * 100, `2026-0${month}-01`),
          );
          const early: Instant = instant('2026-05-15');
          const upToThen = (stretches: ReturnType<typeof stretchesAt>) =>
            stretches.filter(({ from }) => String(from) <= early).map(({ from, arrMinor }) => ({ from, arrMinor }));
          expect(upToThen(stretchesAt('2026-12-31', events))).toEqual(upToThen(stretchesAt(early, events)));
        },
      ),
      { numRuns: 60 },
    );
  });
});
