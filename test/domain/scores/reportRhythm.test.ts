// Do the waits for reports, H4 and conformance count the same days as rule P4.1?
import { describe, expect, test } from 'vitest';
import { constraintsIn } from '../../../domain/rows/conformance.ts';
import { gapTurns, reportGaps } from '../../../domain/scores/reportRhythm.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { derivedPartyOf } from '../../../events/identifiers.ts';
import { addMilliseconds } from '../../../events/instant.ts';
import { usedUntil } from '../../support/histories/adoptionFacts.ts';
import { goLive, opened, partner, policyPublished, reported } from '../../support/histories/engagementFacts.ts';
import { instant, recorded, tenantId } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const customer = { system: 'salesforce', kind: 'account', id: '001000000000009AAA' };
const registered = (party: typeof partner, tier: string) =>
  recorded(
    'PartyRegistered',
    { party, tier, roles: ['var'] },
    { at: '2025-01-01', stream: derivedPartyOf(tenantId, party) },
  );
const live = [opened('2025-12-01', { customer }), goLive('2026-01-01')];
const look = (at: string) => usedUntil(at, 3, { metric: 'dashboard_views' });
const days = (count: number, from: string, version: number) =>
  policyPublished({ thresholds: { 'P4.1': { days: count } } }, { from, version });

/** When rule P4.1 waits for its next report until, or raised its last flag. */
const ruleDue = (now: string, events: readonly RecordedEvent[]) =>
  given(...events)
    .verdictsAt(now, 'P4.1')
    .flatMap((verdict) => (verdict.state === 'armed' || verdict.state === 'raised' ? (verdict.dueAt ?? []) : []))
    .at(-1);

const gapsAt = (now: string, events: readonly RecordedEvent[]) => reportGaps(given(...events).viewAt(now));
const firstReport = (now: string, events: readonly RecordedEvent[]) =>
  constraintsIn(given(...events).viewAt(now)).find(
    ({ constraint }) => constraint === 'response(go-live, ValueReported)',
  );

describe('the days of a tier', () => {
  const byTier = policyPublished({ reportingDays: { gold: 31, annual: 380 } });

  test.each([
    ['of the partner', [byTier, registered(partner, 'gold')], '2026-02-01'],
    ['of the customer', [byTier, registered(partner, 'gold'), registered(customer, 'annual')], '2027-01-16'],
    ['that the policy does not name', [byTier, registered(partner, 'silver')], '2026-04-11'],
  ])('%s are those of the rule', (_, around, due) => {
    const events = [...live, ...around];
    expect(ruleDue('2026-01-02', events)).toBe(instant(due));
    const [gap] = gapsAt('2026-01-02', events);
    expect(gap).toMatchObject({ dueAt: instant(due), onTime: undefined });
    expect(firstReport('2026-01-02', events)).toMatchObject({
      state: 'pending',
      dueAt: addMilliseconds(instant(due), 300_000),
    });
    expect(gapsAt(`${due}T00:04:59.999Z`, events)[0]?.onTime).toBe(undefined);
    expect(gapsAt(`${due}T00:05:00.000Z`, events)[0]?.onTime).toBe(false);
  });
});

describe('a wait keeps the policy under which it began', () => {
  const policies = [days(31, '2025-01-01', 1), days(100, '2026-01-20', 2)];

  test('also when the next one comes', () => {
    const events = [...live, ...policies, reported('2026-01-25')];
    const gaps = gapsAt('2026-06-01', events);
    expect(gaps.map(({ dueAt, onTime }) => [dueAt, onTime])).toEqual([
      [instant('2026-02-01'), true],
      [instant('2026-05-05'), false],
    ]);
    expect(ruleDue('2026-01-20', [...live, ...policies])).toBe(instant('2026-02-01'));
    expect(ruleDue('2026-06-01', events)).toBe(instant('2026-05-05'));
  });

  test('so that a report that was late is late still', () => {
    const [gap] = gapsAt('2026-06-01', [...live, ...policies, reported('2026-02-02')]);
    expect(gap).toMatchObject({ dueAt: instant('2026-02-01'), onTime: false });
  });
});

describe('a look at a live dashboard', () => {
  test('gives the report more time', () => {
    const events = [...live, look('2026-04-01')];
    expect(ruleDue('2026-05-01', events)).toBe(instant('2026-07-10'));
    expect(gapsAt('2026-05-01', events)).toMatchObject([{ dueAt: instant('2026-07-10'), onTime: undefined }]);
    expect(gapTurns(gapsAt('2026-05-01', events))).toEqual([instant('2026-07-10T00:05')]);
    expect(firstReport('2026-05-01', events)?.state).toBe('satisfied');
    expect(gapsAt('2026-08-01', [...events, reported('2026-07-01')])[0]).toMatchObject({ onTime: true });
  });

  test('that comes too late makes no late report one in time', () => {
    const events = [...live, look('2026-05-01'), reported('2026-06-01')];
    expect(gapsAt('2026-05-02', events)[0]).toMatchObject({ dueAt: instant('2026-04-11'), onTime: false });
    expect(gapsAt('2026-06-02', events)[0]).toMatchObject({ dueAt: instant('2026-04-11'), onTime: false });
    expect(given(...events).flagsAt('2026-06-02', 'P4.1')).toHaveLength(1);
  });

  test('is no report: it ends no wait', () => {
    const events = [...live, look('2026-02-01'), look('2026-03-01'), reported('2026-04-01')];
    expect(gapsAt('2026-04-02', events).map(({ after, report }) => [after.type, report?.type])).toEqual([
      ['MilestoneReached', 'ValueReported'],
      ['ValueReported', undefined],
    ]);
  });
});
