// Which stages does an engagement pass once a deal is reopened, or an engagement withdrawn?
import { describe, expect, it } from 'vitest';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { instant, recorded } from '../../support/histories/events.ts';

const opened = recorded('EngagementOpened', {}, { at: '2026-01-05' });
const won = recorded('DealClosed', { result: 'won' }, { at: '2026-02-01' });
const lost = recorded('DealClosed', { result: 'lost' }, { at: '2026-02-01' });
const fulfilled = recorded('OrderFulfilled', { orderId: 'O1' }, { at: '2026-02-10' });
const start = (
  subscriptionId: string,
  at: string,
  termEnd: string,
  kind: 'base_licence' | 'add_on_service' = 'base_licence',
) =>
  recorded('SubscriptionStarted', { subscriptionId, kind, termStart: instant(at), termEnd: instant(termEnd) }, { at });
const journey = (until: string, ...events: readonly RecordedEvent[]) =>
  foldEngagement(
    [...events].sort(inFoldOrder).filter((event) => event.occurredAt <= instant(until)),
    instant(until),
  ).journey;
const path = (until: string, ...events: readonly RecordedEvent[]): readonly string[] =>
  journey(until, ...events).visits.map(({ stage, cycle, enteredAt }) => `${cycle} ${stage} ${enteredAt.slice(0, 10)}`);

describe('what is taken back', () => {
  const reopened = recorded('DealReopened', {}, { at: '2026-02-05' });
  const withdrawn = recorded('EngagementWithdrawn', {}, { at: '2026-02-05' });
  const reinstated = recorded('EngagementReinstated', {}, { at: '2026-02-08' });

  it('a reopened deal goes on in Sell, whether it was lost or won', () => {
    expect(journey('2026-03-01', opened, lost, reopened).ending).toBeUndefined();
    expect(path('2026-03-01', opened, lost, reopened).at(-1)).toBe('1 sell 2026-02-05');
    expect(path('2026-03-01', opened, won, reopened).at(-1)).toBe('1 sell 2026-02-05');
    expect(path('2026-03-01', opened, won, reopened, { ...won, occurredAt: instant('2026-02-09') }).at(-1)).toBe(
      '1 procure 2026-02-09',
    );
  });

  it('a deal that was never closed, or is delivered, is not moved by a reopening', () => {
    expect(path('2026-03-01', opened, reopened)).toEqual(['1 sell 2026-01-05']);
    const again = { ...reopened, occurredAt: instant('2026-02-20') };
    expect(path('2026-03-01', opened, won, fulfilled, again).at(-1)).toBe('1 deliver 2026-02-10');
  });

  it('a withdrawn engagement ends, and goes on when it is reinstated', () => {
    expect(journey('2026-03-01', opened, withdrawn).ending).toMatchObject({ reason: 'withdrawn', event: withdrawn });
    expect(journey('2026-03-01', opened, withdrawn, reinstated).ending).toBeUndefined();
    expect(path('2026-03-01', opened, withdrawn, reinstated).at(-1)).toBe('1 sell 2026-02-08');
  });

  it('a reinstatement does not undo a loss, nor a reopening a withdrawal', () => {
    expect(journey('2026-03-01', opened, lost, reinstated).ending?.reason).toBe('lost');
    expect(
      journey('2026-03-01', opened, withdrawn, { ...reopened, occurredAt: instant('2026-02-20') }).ending?.reason,
    ).toBe('withdrawn');
  });

  it('a withdrawal ends nothing while a subscription lasts', () => {
    expect(journey('2026-03-01', opened, start('s1', '2026-01-20', '2027-01-20'), withdrawn).ending).toBeUndefined();
  });
});
