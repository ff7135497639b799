// What does a dismissal change about a flag: how it is shown, and nothing of its episode?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whatIf } from '../../../domain/whatIf/whatIf.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../../events/instant.ts';
import { contextOf } from '../../support/contexts.ts';
import { retracted } from '../../support/histories/engagementFacts.ts';
import { engagementStream, instant, recorded, stream } from '../../support/histories/events.ts';
import { observing } from '../../support/histories/observing.ts';
import { aHistory, anInstant } from '../../support/histories/randomHistories.ts';
import { columnsAt, org } from '../../support/tabled.ts';

const opened = recorded('EngagementOpened', { customer: org('c'), leadPartner: org('p') }, { at: '2026-01-05' });
const won = recorded('DealClosed', { result: 'won' }, { at: '2026-02-02' });
const agreed = recorded('OutcomeAgreed', { outcomeId: 'o1' }, { at: '2026-06-01' });
const events = [opened, won];
const flagAt = (now: string, said: readonly RecordedEvent[]) =>
  columnsAt('flags', now, said).find(({ rule }) => rule === 'P1.1');
const headAt = (now: string, said: readonly RecordedEvent[]) => columnsAt('engagements', now, said)[0];
const flagId = String(flagAt('2026-03-01', events)?.flagId);

const dismissed = (at: string, until?: string, reason = 'doc:agreed-with-the-customer') =>
  recorded(
    'FlagDismissed',
    { flagId, reason, ...(until === undefined ? {} : { until: instant(until) }) },
    { at, actor: 'person-1', saidBy: { role: 'vendor' } },
  );

describe('a dismissed flag', () => {
  const until = dismissed('2026-03-01', '2026-05-01');

  it('says who dismissed it, why and until when, and is in no list of open flags', () => {
    expect(flagAt('2026-03-02', [...events, until])).toMatchObject({
      ...{ status: 'dismissed', openPattern: null, clearedAt: null },
      ...{ dismissedByEvent: until.eventId, dismissedBy: 'person-1', dismissedAt: instant('2026-03-01') },
      ...{ dismissedUntil: instant('2026-05-01'), dismissReason: 'doc:agreed-with-the-customer' },
      lastEventId: until.eventId,
    });
    const [before, after] = [headAt('2026-03-02', events), headAt('2026-03-02', [...events, until])];
    expect(before?.openRules).toContain('P1.1');
    expect(after?.openRules).not.toContain('P1.1');
    expect(after?.openFlags).toBe(Number(before?.openFlags) - 1);
  });

  it('is open up to the dismissal, and again from its end on, to the millisecond', () => {
    const statusAt = (at: string) => flagAt(at, [...events, until])?.status;
    expect([
      ...[statusAt('2026-02-28T23:59:59.999'), statusAt('2026-03-01')],
      ...[statusAt('2026-04-30T23:59:59.999'), statusAt('2026-05-01')],
    ]).toEqual(['open', 'dismissed', 'dismissed', 'open']);
    expect(flagAt('2026-05-01', [...events, until])).toMatchObject({ openPattern: 'toolsInsteadOfOutcomes' });
  });

  it('names its end as the next instant at which a row changes', () => {
    const due = (said: readonly RecordedEvent[]) => headAt('2026-04-30T12:00', said)?.nextDueAt;
    expect(due([...events, dismissed('2026-03-01', '2026-04-30T13:00')])).toBe(instant('2026-04-30T13:00'));
  });

  it('clears like any other, and then is dismissed no more', () => {
    expect(flagAt('2026-06-02', [...events, dismissed('2026-03-01'), agreed])).toMatchObject({
      ...{ status: 'cleared', clearedByEvent: agreed.eventId, dismissedAt: instant('2026-03-01') },
    });
  });

  it('for good stays dismissed', () => {
    expect(flagAt('2036-01-01', [...events, dismissed('2026-03-01')])).toMatchObject({
      ...{ status: 'dismissed', dismissedUntil: null },
    });
  });

  it('is given back by a retraction, and by a later dismissal that is over', () => {
    const forGood = dismissed('2026-03-01');
    const back = flagAt('2026-04-01', [...events, forGood, retracted('2026-03-10', forGood)]);
    expect(back).toEqual(flagAt('2026-04-01', events));
    const shortened = [...events, forGood, dismissed('2026-03-10', '2026-03-20')];
    expect(flagAt('2026-03-19', shortened)?.status).toBe('dismissed');
    expect(flagAt('2026-04-01', shortened)?.status).toBe('open');
  });

  it('is another flag than the one that no dismissal names', () => {
    const other = recorded('FlagDismissed', { flagId: 'other', reason: 'code' }, { at: '2026-03-01' });
    expect(flagAt('2026-04-01', [...events, other])).toEqual({
      ...flagAt('2026-04-01', events),
      // The row itself depends on nothing else.
      lastEventId: flagAt('2026-04-01', events)?.lastEventId,
    });
  });
});

describe('any dismissal', () => {
  /** What a dismissal may change about a flag's row. */
  const shown = new Set([
    ...['status', 'openPattern', 'lastEventId'],
    ...['dismissedByEvent', 'dismissedBy', 'dismissedAt', 'dismissedUntil', 'dismissReason'],
  ]);
  /** A dismissal that is recorded before all else would be the first that anybody heard of the engagement. */
  const observed = contextOf({ policy: observing });
  const episode = (row: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(row).filter(([column]) => !shown.has(column)));
  const ofEngagement = aHistory.map((history) => history.filter(({ streamId }) => streamId === engagementStream));
  const aDismissal = fc.tuple(fc.nat(50), anInstant, fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }));

  const dismissalsOf = (
    history: readonly RecordedEvent[],
    now: Instant,
    said: readonly [number, Instant, number | undefined][],
  ) => {
    const flags = columnsAt('flags', now, history, observed);
    return said.flatMap(([which, at, days], index) => {
      const row = flags[which % Math.max(flags.length, 1)];
      if (row === undefined) return [];
      const data = { flagId: String(row.flagId), reason: `code-${index}` };
      const until = days === undefined ? {} : { until: addDays(at, days) };
      return [recorded('FlagDismissed', { ...data, ...until }, { at })];
    });
  };

  it('leaves every episode as it is, and comes in any order', () => {
    fc.assert(
      fc.property(ofEngagement, anInstant, fc.array(aDismissal, { maxLength: 6 }), (history, now, said) => {
        if (history.length === 0) return;
        const dismissals = dismissalsOf(history, now, said);
        const plain = columnsAt('flags', now, history, observed);
        const with1 = columnsAt('flags', now, [...history, ...dismissals], observed);
        expect(with1.map(episode)).toEqual(plain.map(episode));
        const with2 = columnsAt('flags', now, [...dismissals.toReversed(), ...history.toReversed()], observed);
        expect(with2).toEqual(with1);
        for (const [index, row] of with1.entries()) {
          const own = dismissals.filter(({ data, occurredAt }) => data.flagId === row.flagId && occurredAt <= now);
          if (own.length === 0) expect(row.status).toBe(plain[index]?.status);
          if (row.status === 'dismissed') expect(plain[index]?.status).toBe('open');
        }
      }),
      { numRuns: 60 },
    );
  });

  it('changes nothing by time but at the instant that the engagement names', () => {
    fc.assert(
      fc.property(
        ofEngagement,
        anInstant,
        fc.array(aDismissal, { minLength: 1, maxLength: 4 }),
        (history, now, said) => {
          if (history.length === 0) return;
          const all = [...history, ...dismissalsOf(history, now, said)];
          const next = columnsAt('engagements', now, all, observed)[0]?.nextDueAt;
          if (typeof next !== 'string') return;
          expect(columnsAt('flags', addMilliseconds(next, -1), all, observed)).toEqual(
            columnsAt('flags', now, all, observed),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

it('counts for the acceptance of its rule, also once it is over', () => {
  const window = { from: instant('2026-01-01'), to: instant('2026-07-01') };
  const talliesOf = (said: readonly RecordedEvent[]) =>
    whatIf({ source: { events: stream(said), context: contextOf(), now: instant('2027-01-01') }, set: {}, window })
      .tallies.is;
  expect(talliesOf(events)['P1.1']).toMatchObject({ raised: 1, dismissed: 0 });
  const once = dismissed('2026-03-01', '2026-03-02');
  expect(talliesOf([...events, once])['P1.1']).toMatchObject({ raised: 1, dismissed: 1 });
  expect(talliesOf([...events, once, retracted('2026-03-10', once)])['P1.1']).toMatchObject({ dismissed: 0 });
});
