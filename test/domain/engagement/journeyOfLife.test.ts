// Does a live subscription open Deliver where nothing did before, and does a closing end what no subscription keeps alive?
import { describe, expect, it } from 'vitest';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { historyOf, inFoldOrder, standing } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import {
  ended,
  fulfilled,
  goLive,
  lost,
  opened,
  reinstated,
  reopened,
  retracted,
  subscribed,
  won,
} from '../../support/histories/engagementFacts.ts';
import { instant, recorded, stream } from '../../support/histories/events.ts';

const journey = (...events: readonly RecordedEvent[]) =>
  foldEngagement([...events].sort(inFoldOrder), instant('2026-12-01')).journey;
const path = (...events: readonly RecordedEvent[]) =>
  journey(...events).visits.map(({ stage, enteredAt }) => `${stage} ${enteredAt.slice(0, 10)}`);
const start = opened('2026-01-05');
const closed = (at: string) => recorded('EngagementClosed', { reason: 'code:over' }, { at });

describe('a subscription that starts', () => {
  it('opens Deliver, with a won deal and without one', () => {
    expect(path(start, subscribed('2026-02-03'))).toEqual(['sell 2026-01-05', 'deliver 2026-02-03']);
    expect(path(start, won('2026-02-01'), subscribed('2026-02-03'))).toEqual([
      'sell 2026-01-05',
      'procure 2026-02-01',
      'deliver 2026-02-03',
    ]);
    expect(journey(start, subscribed('2026-02-03')).visits.at(-1)?.enteredBy?.type).toBe('SubscriptionStarted');
  });

  it('begins the first cycle where nothing opened the engagement', () => {
    expect(journey(subscribed('2026-02-03'))).toMatchObject({
      visits: [{ stage: 'deliver', cycle: 1 }],
      cycles: [{ cycle: 1, startedAt: instant('2026-02-03') }],
    });
  });

  it('opens nothing where Deliver was opened before, or a later stage', () => {
    expect(path(start, fulfilled('2026-02-02'), subscribed('2026-02-03')).at(-1)).toBe('deliver 2026-02-02');
    expect(path(start, goLive('2026-02-02'), subscribed('2026-02-03'))).toEqual([
      'sell 2026-01-05',
      'report 2026-02-02',
    ]);
    expect(path(start, subscribed('2026-02-03'), fulfilled('2026-02-05')).at(-1)).toBe('deliver 2026-02-03');
  });

  it('resumes a lost engagement, and opens Deliver at once', () => {
    const { visits, ending, resumed } = journey(start, lost('2026-02-01'), subscribed('2026-02-03'));
    expect(ending).toBeUndefined();
    expect(resumed?.at).toBe(instant('2026-02-03'));
    expect(visits.at(-1)).toMatchObject({ stage: 'deliver', enteredAt: instant('2026-02-03'), leftAt: undefined });
  });

  it('keeps the stage from going back to Sell by a reopening', () => {
    expect(path(start, won('2026-02-01'), subscribed('2026-02-03'), reopened('2026-02-09')).at(-1)).toBe(
      'deliver 2026-02-03',
    );
  });

  it('opens nothing once it is taken back', () => {
    const started = subscribed('2026-02-03');
    const stands = standing(historyOf(stream([start, started, retracted('2026-02-05', started)])));
    expect(path(...stands)).toEqual(['sell 2026-01-05']);
  });
});

describe('a closing of the engagement', () => {
  it('ends it, and with it the stage', () => {
    expect(journey(start, closed('2026-03-01'))).toMatchObject({
      ending: { reason: 'closed', at: instant('2026-03-01') },
      visits: [{ stage: 'sell', leftAt: instant('2026-03-01') }],
    });
  });

  it('ends nothing while a subscription lives, and adds nothing once the last has ended', () => {
    expect(journey(start, subscribed('2026-02-03'), closed('2026-03-01')).ending).toBeUndefined();
    const over = [start, subscribed('2026-02-03'), ended('2026-02-20'), closed('2026-03-01')];
    expect(journey(...over).ending).toMatchObject({ reason: 'subscriptionsEnded', at: instant('2026-02-20') });
  });

  it('is undone by a reinstatement, a win or a new subscription', () => {
    for (const again of [reinstated('2026-04-01'), won('2026-04-01'), subscribed('2026-04-01')]) {
      expect(journey(start, closed('2026-03-01'), again).ending).toBeUndefined();
    }
  });
});
