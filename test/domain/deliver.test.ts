// Does Deliver accept each piece of work once, and scope gaps only of commitments that were made?
import { describe, it } from 'vitest';
import { given } from '../support/histories/decisions.ts';
import { fact, recorded } from '../support/histories/events.ts';

const actor = 'ada';
const at = '2026-04-02';
const work = { workId: 'w1', category: 'implementation' as const, minutes: 60 };
const logged = recorded('WorkLogged', work, { at: '2026-04-01' });
const proposed = recorded(
  'SolutionProposed',
  { commitments: [{ id: 'c1', capability: 'backup' }] },
  { at: '2026-02-01' },
);

describe('work', () => {
  it('is logged once, and corrected by an event that supersedes it', () => {
    given()
      .when(fact('WorkLogged', work, { at, actor }))
      .accepted();
    given(logged)
      .when(fact('WorkLogged', { ...work, minutes: 90 }, { at, actor }))
      .refused('workAlreadyLogged', /w1 is already logged/);
    given(logged)
      .when(fact('WorkLogged', { ...work, minutes: 90 }, { at, actor, supersedes: logged.eventId }))
      .accepted();
  });

  it('is accepted from a system as often as the system logs it', () => {
    given(logged)
      .when(fact('WorkLogged', { ...work, minutes: 90 }, { at }))
      .accepted();
  });
});

describe('a deviation', () => {
  it('names a commitment of this engagement, or none', () => {
    const gap = (commitmentId?: string) => ({
      kind: 'scope_gap' as const,
      ...(commitmentId === undefined ? {} : { commitmentId }),
    });
    given(proposed)
      .when(fact('DeviationRecorded', gap('c1'), { at, actor }))
      .accepted();
    given(proposed)
      .when(fact('DeviationRecorded', gap(), { at, actor }))
      .accepted();
    given(proposed)
      .when(fact('DeviationRecorded', gap('c2'), { at, actor }))
      .refused('commitmentUnknown', /c2/);
  });
});

describe('a start and a milestone', () => {
  it('are accepted in any state', () => {
    given()
      .when(fact('DeliveryStarted', {}, { at, actor }))
      .accepted();
    given()
      .when(fact('MilestoneReached', { milestone: 'go_live' }, { at, actor }))
      .accepted();
  });
});
