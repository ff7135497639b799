// Is a silence of a connection told from a silence of the world: what falls due in it waits, and nothing else does?
import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { derivedPartyOf, parseStreamId } from '../../../events/identifiers.ts';
import {
  assigned,
  deliveryStarted,
  fulfilled,
  goLive,
  handoffAccepted,
  handoffOffered,
  lost,
  opened,
  partner,
  proposed,
  renewalProposed,
  renewed,
  reported,
  retracted,
  routeAgreed,
  subscribed,
  won,
} from '../../support/histories/engagementFacts.ts';
import { tenantId } from '../../support/histories/events.ts';
import { type Given, given } from '../../support/histories/given.ts';
import { historyKept } from '../../support/histories/observing.ts';
import { recovered, wentQuiet } from '../../support/histories/outageFacts.ts';

const dayAfterDay = '2026-03-08T23:00';

/** Won by the direct route, so that the order is to be fulfilled within 30 days: by noon of March 10th. */
const sale = given(historyKept, opened('2026-02-01'), routeAgreed('2026-02-01'), won('2026-02-08T12:00'));
const due = '2026-03-10T12:00:00.000Z';

const stateOf = (story: Given, now: string, rule = 'P5.5') =>
  story.verdictsAt(now, rule).map((verdict) => (verdict.state === 'suspended' ? verdict.reason : verdict.state));

const dueOf = (story: Given, now: string, rule = 'P5.5') =>
  story.verdictsAt(now, rule).flatMap((verdict) => ('dueAt' in verdict ? [verdict.dueAt] : []));

describe('a need that falls due', () => {
  test.each<readonly [string, readonly RecordedEvent[], string]>([
    ['a minute before the outage begins', [wentQuiet('2026-03-10T12:01', '2026-03-11T12:01')], due],
    [
      'as it begins',
      [wentQuiet('2026-03-10T12:00', '2026-03-10T13:00'), recovered('2026-03-20T09:00')],
      '2026-03-21T09:00:00.000Z',
    ],
    [
      'inside it',
      [wentQuiet('2026-03-09T12:00', '2026-03-10T11:00'), recovered('2026-03-20T09:00')],
      '2026-03-21T09:00:00.000Z',
    ],
    ['as it ends', [wentQuiet('2026-03-08', '2026-03-09'), recovered('2026-03-10T12:00')], '2026-03-11T12:00:00.000Z'],
    ['a minute after its end', [wentQuiet('2026-03-08', '2026-03-09'), recovered('2026-03-10T11:59')], due],
  ])('%s', (_, outage, expected) => {
    const story = sale.and(...outage);
    expect(dueOf(story, '2026-06-01')).toEqual([expected]);
    const raisedAt = new Date(Date.parse(expected) + 5 * 60_000).toISOString();
    expect(story.flagAt(raisedAt, 'P5.5')).toMatchObject({ raisedAt, dueAt: expected });
  });

  const silent = sale.and(wentQuiet('2026-03-09T12:00', '2026-03-10T11:00'));
  const heard = silent.and(recovered('2026-03-20T09:00'));

  test('is armed until then, and suspended once it is due, while the connection is silent', () => {
    expect(stateOf(silent, '2026-03-10T12:04:59.999Z')).toEqual(['armed']);
    expect(silent.nextDueAt('2026-03-10T12:04')).toBe('2026-03-10T12:05:00.000Z');
    expect(silent.verdictsAt('2026-03-10T12:05', 'P5.5')).toMatchObject([
      {
        ...{ state: 'suspended', reason: 'sourceQuiet', connectionId: 'c-1', since: due, changesAt: undefined },
        because:
          'a connection has been silent since 2026-03-09T12:00:00.000Z, so nobody knows whether OrderFulfilled came',
      },
    ]);
    expect(stateOf(silent, '2027-01-01')).toEqual(['sourceQuiet']);
  });

  test('is armed again for 24 hours once the connection is heard, and then raised', () => {
    expect(stateOf(heard, '2026-03-20T08:59')).toEqual(['sourceQuiet']);
    expect(heard.nextDueAt('2026-03-20T08:59')).toBe('2026-03-20T09:00:00.000Z');
    expect(stateOf(heard, '2026-03-20T09:00')).toEqual(['armed']);
    expect(heard.nextDueAt('2026-03-20T09:00')).toBe('2026-03-21T09:05:00.000Z');
    expect(stateOf(heard, '2026-03-21T09:04')).toEqual(['armed']);
    expect(stateOf(heard, '2026-03-21T09:05')).toEqual(['raised']);
    expect(heard.flagAt('2026-03-22', 'P5.5').evidence).toContainEqual({
      ...{ kind: 'value', name: 'due again after the silence of a connection' },
      ...{ value: '2026-03-21T09:00:00.000Z', threshold: due },
    });
  });

  test('has no flag where the answer came meanwhile, though it arrives late', () => {
    for (const at of ['2026-03-15', '2026-03-21T08:59', '2026-03-21T09:05']) {
      expect(stateOf(heard.and(fulfilled(at)), '2026-06-01'), at).toEqual([]);
    }
    expect(heard.and(fulfilled('2026-03-21T09:06')).flagAt('2026-06-01', 'P5.5')).toMatchObject({
      cleared: { reason: 'fulfilledLate' },
    });
    expect(stateOf(silent.and(fulfilled('2026-03-15')), '2026-03-16')).toEqual([]);
  });

  test('is due again after the last of outages that follow each other or overlap', () => {
    const twice = heard.and(wentQuiet('2026-03-21T08:00', '2026-03-22T08:00'), recovered('2026-03-25T10:00'));
    expect(stateOf(twice, '2026-03-21T10:00')).toEqual(['raised']);
    expect(stateOf(twice, '2026-03-22T08:00')).toEqual(['sourceQuiet']);
    expect(dueOf(twice, '2026-06-01')).toEqual(['2026-03-26T10:00:00.000Z']);
    const other = { connectionId: 'c-2' };
    const both = heard.and(wentQuiet('2026-03-10', '2026-03-11', other), recovered('2026-03-18T09:00', 'c-2'));
    expect(dueOf(both, '2026-06-01')).toEqual(['2026-03-21T09:00:00.000Z']);
    expect(both.verdictsAt('2026-03-19', 'P5.5')).toMatchObject([{ connectionId: 'c-1' }]);
    const lasting = heard.and(wentQuiet('2026-03-10', '2026-03-11', other));
    expect(lasting.verdictsAt('2026-03-19', 'P5.5')).toMatchObject([{ connectionId: 'c-1' }]);
    expect(lasting.verdictsAt('2026-03-20T10:00', 'P5.5')).toMatchObject([{ connectionId: 'c-2', since: due }]);
  });
});

describe('an outage that is learnt of after the flag was raised', () => {
  const late = sale.and(wentQuiet('2026-03-09T12:00', '2026-03-12T12:00'));

  test('suspends it from when it is known, and not before', () => {
    expect(late.flagAt('2026-03-12T11:59', 'P5.5').raisedAt).toBe('2026-03-10T12:05:00.000Z');
    expect(late.nextDueAt('2026-03-12T11:59')).toBe('2026-03-12T12:00:00.000Z');
    expect(stateOf(late, '2026-03-12T12:00')).toEqual(['sourceQuiet']);
  });

  test('leaves no flag where the answer had cleared it', () => {
    const answered = late.and(fulfilled('2026-03-11'));
    expect(answered.flagAt('2026-03-12T11:59', 'P5.5').cleared?.at).toBe('2026-03-11T00:00:00.000Z');
    expect(stateOf(answered, '2026-03-12T12:00')).toEqual([]);
  });

  test('gives the flag back where it is taken back', () => {
    const [quiet] = late.events.filter(({ type }) => type === 'SourceWentQuiet');
    if (quiet === undefined) throw new Error('no outage');
    const undone = late.and({ ...retracted('2026-03-13', quiet), streamId: quiet.streamId });
    expect(undone.flagAt('2026-03-14', 'P5.5').raisedAt).toBe('2026-03-10T12:05:00.000Z');
  });
});

describe('an outage moves only what its connection might have said', () => {
  const quiet = (said: Parameters<typeof wentQuiet>[2]) => sale.and(wentQuiet('2026-03-09T12:00', dayAfterDay, said));

  test('of its types; what only people record is due as ever', () => {
    expect(stateOf(quiet({ types: ['OrderFulfilled', 'UsageMeasured'] }), '2026-04-01')).toEqual(['sourceQuiet']);
    expect(stateOf(quiet({ types: ['UsageMeasured'] }), '2026-04-01')).toEqual(['raised']);
    const all = quiet({ types: ['OrderFulfilled', 'DealClosed'] });
    expect(stateOf(all, '2026-04-01', 'P3.2')).toEqual(['raised']);
  });

  test('of the partner that led when it was due, where it speaks for one', () => {
    const id = parseStreamId(derivedPartyOf(tenantId, partner)).id;
    const led = quiet({ partner: id });
    expect(stateOf(led, '2026-04-01')).toEqual(['sourceQuiet']);
    expect(stateOf(led.and(assigned('2026-02-01', null)), '2026-04-01')).toEqual(['raised']);
    expect(stateOf(led.and(assigned('2026-03-15', null)), '2026-04-01')).toEqual(['sourceQuiet']);
    expect(stateOf(quiet({ partner: 'another' }), '2026-04-01')).toEqual(['raised']);
  });
});

describe('a breach of order', () => {
  const quiet = [wentQuiet('2026-02-10', '2026-02-11'), recovered('2026-02-20T09:00')];

  test('of a handoff is judged 24 hours after the outage, and absorbs the missing offer only then', () => {
    const begun = given(
      historyKept,
      opened('2026-02-01'),
      won('2026-02-10T10:00'),
      deliveryStarted('2026-02-12T10:00'),
    );
    const story = begun.and(...quiet);
    expect(stateOf(story, '2026-02-13', 'P3.1')).toEqual(['sourceQuiet']);
    expect(stateOf(story, '2026-02-21T09:04', 'P3.1')).toEqual(['armed']);
    expect(story.flagAt('2026-02-21T09:05', 'P3.1').dueAt).toBe('2026-02-21T09:00:00.000Z');
    expect(stateOf(story, '2026-02-18', 'P3.2')).toEqual(['sourceQuiet']);
    expect(stateOf(story, '2026-03-01', 'P3.2')).toEqual([]);
    const accepted = story.and(handoffOffered('2026-02-09T11:00'), handoffAccepted('2026-02-12T11:00'));
    expect(stateOf(accepted, '2026-03-01', 'P3.1')).toEqual([]);
    const types = ['HandoffAccepted'];
    const unheard = begun.and(wentQuiet('2026-02-10', '2026-02-11', { types }));
    expect(stateOf(unheard, '2026-03-01', 'P3.1')).toEqual(['sourceQuiet']);
    expect(stateOf(unheard, '2026-03-01', 'P3.2')).toEqual(['raised']);
  });

  test('by a renewal without evidence is flagged, however soon it was decided', () => {
    const sold = given(historyKept, subscribed('2025-02-01', { to: '2026-02-15' }), goLive('2025-02-02'));
    const story = sold.and(renewalProposed('2026-02-12'), renewed('2026-02-14', { to: '2027-02-15' }), ...quiet);
    expect(stateOf(story, '2026-02-13', 'P4.4')).toEqual(['sourceQuiet']);
    expect(stateOf(story, '2026-02-15', 'P4.4')).toEqual(['sourceQuiet']);
    expect(story.flagAt('2026-03-01', 'P4.4')).toMatchObject({
      ...{ raisedAt: '2026-02-21T09:05:00.000Z', cleared: { at: '2026-02-21T09:05:00.000Z', reason: 'closedMoot' } },
    });
    expect(stateOf(story.and(reported('2026-02-11', 'business_impact')), '2026-03-01', 'P4.4')).toEqual([]);
  });

  test('that lost a deal at a lapsed quote is none, where the order may have been placed', () => {
    const quote = proposed('2026-02-01', { proposalRef: 'q-1', expiresAt: '2026-02-11' });
    const story = given(historyKept, opened('2026-01-10'), quote, lost('2026-02-15'));
    expect(stateOf(story, '2026-03-01', 'P5.8')).toEqual(['raised']);
    expect(stateOf(story.and(...quiet), '2026-03-01', 'P5.8')).toEqual([]);
    expect(stateOf(story.and(...quiet.slice(0, 1)), '2026-03-01', 'P5.8')).toEqual([]);
  });
});
