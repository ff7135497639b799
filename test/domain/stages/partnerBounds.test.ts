// Can a partner fill an engagement up until nobody's rows of it can be written?
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../../domain/history.ts';
import { rowsOf } from '../../../domain/rows/engagementRows.ts';
import { decide } from '../../../domain/stages/decider.ts';
import { longestByPartners, longestOfAllByPartners, mostByPartners } from '../../../domain/stages/partnerBounds.ts';
import { packText } from '../../../functions/aws/packText.ts';
import { digestOf, rowId } from '../../../functions/project/rowItem.ts';
import { contextOf } from '../../support/contexts.ts';
import { fact, instant, type RecordedOptions, recorded, type Said } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const partner = { role: 'partner', partyId: 'p1' } as const;
const another = { role: 'partner', partyId: 'p2' } as const;
const vendor = { role: 'vendor' } as const;

const opened = recorded('EngagementOpened', {}, { at: '2026-01-01' });

describe('an engagement', () => {
  const work = (index: number, saidBy?: RecordedOptions['saidBy']) =>
    recorded(
      'WorkLogged',
      { workId: `w${index}`, category: 'support', minutes: 1 },
      { at: '2026-02-01', ...(saidBy !== undefined && { saidBy }) },
    );
  const full = given(opened, ...Array.from({ length: mostByPartners }, (_, index) => work(index, partner)));
  const next = (saidBy: RecordedOptions['saidBy'], more: Pick<RecordedOptions, 'actor'> = {}) =>
    fact('WorkLogged', { workId: 'next', category: 'support', minutes: 1 }, { at: '2026-02-02', ...more, saidBy });

  it('can’t be filled up by partners, so that its rows could not be written any more', () => {
    full.when(next(partner, { actor: 'pat' })).isRefused('tooManyFacts');
    full.when(next(another)).isAccepted();
    full.when(next(partner)).isRefused('tooManyFacts');
    full.when(next(vendor, { actor: 'vera' })).isAccepted();
    full.when(next(undefined)).isAccepted();
  });

  it('takes no huge fact of a partner', () => {
    const expectations = (count: number) => Array.from({ length: count }, () => ({ textRef: 'x'.repeat(1024) }));
    const offered = (count: number, saidBy: RecordedOptions['saidBy']) =>
      fact(
        'HandoffOffered',
        { handoffId: 'h1', fromStage: 'sell', toStage: 'deliver', expectations: expectations(count) },
        { at: '2026-02-02', actor: 'x', saidBy },
      );
    given(opened).when(offered(40, partner)).isRefused('eventTooLarge');
    given(opened).when(offered(20, partner)).isAccepted();
    given(opened).when(offered(40, vendor)).isAccepted();
  });

  it('takes no more rows of a partner than the digests in its head have room for', () => {
    const org = (id: string) => ({ system: 'a', kind: 'a', id });
    const legs = Array.from({ length: 200 }, (_, index) => ({
      ...{ seq: 1, component: `${index}`, seller: org('a'), buyer: org('b') },
      amount: { amountMinor: index, currency: 'EUR' },
    }));
    const order = (index: number): Said<'OrderPlaced'> => ({ claimedBy: 'crm', orderId: `o${index}`, legs });
    const most = Math.floor(longestOfAllByPartners / JSON.stringify({ ...order(10), fees: [] }).length);
    const placed = Array.from({ length: most }, (_, index) =>
      recorded('OrderPlaced', order(index), { at: '2026-02-01', saidBy: partner }),
    );
    const story = given(opened, ...placed);
    const further = fact('OrderPlaced', order(most), { at: '2026-02-02', saidBy: partner });
    story.when(further).isRefused('tooManyFacts');
    const { head, rows } = rowsOf({ events: story.events, context: contextOf(), now: instant('2026-03-01') });
    const digests = Object.fromEntries([head, ...rows].map((row) => [rowId(row), digestOf(row)]));
    expect(packText(JSON.stringify({ basis: {}, digests })).length).toBeLessThan(200_000);
  });

  it('takes a fact of a partner of exactly the most characters, and not of one more', () => {
    const logged = (personRef: string) =>
      fact(
        'HandoffOffered',
        { handoffId: 'h1', fromStage: 'sell', toStage: 'deliver', expectations: [], contextRef: personRef },
        { at: '2026-02-02', actor: 'x', saidBy: partner },
      );
    const without = JSON.stringify(logged('x').data).length - 1;
    const padded = (length: number) => {
      const said = logged('x');
      return { ...said, data: { ...said.data, contextRef: 'x'.repeat(length - without) } };
    };
    given(opened).when(padded(longestByPartners)).isAccepted();
    given(opened)
      .when(padded(longestByPartners + 1))
      .isRefused('eventTooLarge');
  });

  it('names how much the partner has said', () => {
    const few = Array.from({ length: mostByPartners - 1 }, (_, index) => work(index, partner));
    given(opened, ...few)
      .when(next(partner))
      .isAccepted();
    const decided = decide(historyOf(full.events), next(partner));
    expect(decided).toMatchObject({ outcome: 'refused', detail: expect.stringMatching(/2000 facts/) });
  });
});
