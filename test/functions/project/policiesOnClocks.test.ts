// Which policy does the context hold as of a date, on either clock, when policies are dated back, dated ahead or retracted?
import { describe, expect, test } from 'vitest';
import type { Fact } from '../../../events/catalog.ts';
import { loadContext, policyStreamOf } from '../../../functions/project/loadContext.ts';
import { createRecordFacts } from '../../../functions/stages/recordFacts.ts';
import { createCachedStreams } from '../../../functions/store/cachedStreams.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { fact, instant, tenantId } from '../../support/histories/events.ts';

const stream = policyStreamOf(tenantId);

/** A policy that is published, and recorded, at one instant and is in force from another. */
const policy = (policyVersion: number, { published, from }: { readonly published: string; readonly from: string }) =>
  fact('PolicyPublished', { policyVersion, effectiveFrom: instant(from) }, { at: published, stream });

const asOfIn = async (said: readonly Fact[]) => {
  const store = createMemoryEventStore();
  for (const each of said)
    await createRecordFacts({ store, now: () => each.occurredAt, random: Math.random })(stream, [each]);
  const cache = createCachedStreams({ store, grown: async (tips) => new Set(tips.keys()) });
  return async (date: string, clock?: 'occurred' | 'recorded') => {
    const now = instant(date);
    const cuts = { ...(clock && { occurredUntil: now }), ...(clock === 'recorded' && { recordedUntil: now }) };
    const { context } = await loadContext(cache, { tenantId, events: [], now, ...cuts });
    return {
      versions: context.policies?.map(({ policy: { version } }) => version),
      inForce: context.policy.version,
      turns: context.turns,
    };
  };
};

describe('a policy that is dated back', () => {
  const said = [
    policy(1, { published: '2025-01-01', from: '2025-01-01' }),
    policy(2, { published: '2025-06-01', from: '2025-03-01' }),
  ];

  test('holds from its date on the clock of the world', async () => {
    const asOf = await asOfIn(said);
    expect(await asOf('2025-02-28', 'occurred')).toMatchObject({ versions: [0, 1], inForce: 1, turns: [] });
    expect(await asOf('2025-04-20', 'occurred')).toMatchObject({ versions: [0, 1, 2], inForce: 2 });
    expect(await asOf('2025-12-01')).toMatchObject({ versions: [0, 1, 2], inForce: 2 });
  });

  test('holds from its recording on the recorded clock, as people saw it then', async () => {
    const asOf = await asOfIn(said);
    expect(await asOf('2025-04-20', 'recorded')).toMatchObject({ versions: [0, 1], inForce: 1, turns: [] });
    expect(await asOf('2025-06-01', 'recorded')).toMatchObject({ versions: [0, 1, 2], inForce: 2 });
  });
});

test('a policy that is dated ahead is a turn from its publication on', async () => {
  const asOf = await asOfIn([policy(1, { published: '2025-01-01', from: '2025-03-01' })]);
  for (const clock of ['occurred', 'recorded'] as const) {
    expect(await asOf('2024-12-31', clock)).toEqual({ versions: [0], inForce: 0, turns: [] });
    expect(await asOf('2025-02-01', clock)).toEqual({ versions: [0], inForce: 0, turns: [instant('2025-03-01')] });
    expect(await asOf('2025-03-01', clock)).toEqual({ versions: [0, 1], inForce: 1, turns: [] });
  }
});

test('a policy that is retracted never held, but was seen until then on the recorded clock', async () => {
  const wrong = policy(1, { published: '2025-01-01', from: '2025-01-01' });
  const taken = fact('FactRetracted', { eventId: wrong.eventId, reason: 'code:wrong' }, { at: '2025-03-01', stream });
  const asOf = await asOfIn([wrong, taken]);
  expect(await asOf('2025-02-01', 'occurred')).toMatchObject({ versions: [0], inForce: 0 });
  expect(await asOf('2025-02-01', 'recorded')).toMatchObject({ versions: [0, 1], inForce: 1 });
  expect(await asOf('2025-03-01', 'recorded')).toMatchObject({ versions: [0], inForce: 0 });
});
