// Who answers for what at an instant, and what became of each invitation?
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../domain/engagement/facts.ts';
import {
  invitationsOf,
  participationsOf,
  participationTurns,
  responsibleAt,
} from '../../../../domain/engagement/sell/participants.ts';
import { historyOf, inFoldOrder, standing } from '../../../../domain/history.ts';
import type { RecordedEvent } from '../../../../events/catalog.ts';
import { retracted } from '../../../support/histories/engagementFacts.ts';
import { instant, recorded, type Said, stream } from '../../../support/histories/events.ts';

const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const joined = (at: string, id: string, said: Partial<Said<'ParticipantJoined'>> = {}, by?: 'partner' | 'vendor') =>
  recorded(
    'ParticipantJoined',
    { org: org(id), responsibilities: ['deliver'], ...said },
    { at, ...(by === undefined ? {} : { saidBy: { role: by, partyId: 'p1' } }) },
  );
const spans = (...events: readonly RecordedEvent[]) =>
  participationsOf(factsOf([...events].sort(inFoldOrder)), ({ id }) => id);
const shown = (...events: readonly RecordedEvent[]) =>
  spans(...events).map(
    ({ party, from, until, responsibilities }) =>
      `${party} ${responsibilities.join('+') || 'nothing'} ${from.slice(0, 10)}..${until?.slice(0, 10) ?? ''}`,
  );
const whoAt = (at: string, ...events: readonly RecordedEvent[]) =>
  responsibleAt(spans(...events), 'deliver', instant(at)).map(({ party }) => party);

describe('a participant', () => {
  it('answers from when it joined, or from the instant that is said, up to the end that is said', () => {
    expect(shown(joined('2026-02-01', 'A'))).toEqual(['A deliver 2026-02-01..']);
    const dated = joined('2026-02-01', 'A', { from: instant('2026-03-01'), until: instant('2026-04-01') });
    expect(whoAt('2026-02-28T23:59', dated)).toEqual([]);
    expect(whoAt('2026-03-01', dated)).toEqual(['A']);
    expect(whoAt('2026-03-31T23:59', dated)).toEqual(['A']);
    expect(whoAt('2026-04-01', dated)).toEqual([]);
    expect(participationTurns(factsOf([dated]))).toEqual([instant('2026-03-01'), instant('2026-04-01')]);
  });

  it('answers for what is said last, from then on; nothing ends it', () => {
    const first = joined('2026-02-01', 'A', { responsibilities: ['sell', 'deliver'] });
    const second = joined('2026-03-01', 'A', { responsibilities: ['support'] });
    const out = joined('2026-04-01', 'A', { responsibilities: [] });
    expect(shown(out, first, second)).toEqual([
      'A sell+deliver 2026-02-01..2026-03-01',
      'A support 2026-03-01..2026-04-01',
      'A nothing 2026-04-01..',
    ]);
  });

  it('is replaced also ahead of time by what is said later of an earlier instant', () => {
    const ahead = joined('2026-02-01', 'A', { from: instant('2026-06-01') });
    const since = joined('2026-02-02', 'A', { from: instant('2026-01-01'), responsibilities: ['sell'] });
    expect(shown(ahead, since)).toEqual(['A sell 2026-02-02..']);
  });

  it('answers for nothing before that was said, also where it is dated back', () => {
    const back = joined('2026-02-10', 'A', { from: instant('2026-01-01') });
    expect(shown(back)).toEqual(['A deliver 2026-02-10..']);
    const over = joined('2026-02-20', 'A', { from: instant('2026-01-01'), until: instant('2026-02-01') });
    expect(spans(back, over)).toMatchObject([{ until: over.occurredAt, event: back, endedBy: over }]);
  });

  it('ends by its own fact, unless a later one cut it short', () => {
    const dated = joined('2026-02-01', 'A', { until: instant('2026-06-01') });
    expect(spans(dated)).toMatchObject([{ endedBy: dated }]);
    const later = joined('2026-03-01', 'A', { responsibilities: ['sell'] });
    expect(spans(dated, later)).toMatchObject([{ endedBy: later }, { endedBy: later }]);
  });

  it('stands beside others, each with its own', () => {
    expect(whoAt('2026-05-01', joined('2026-02-01', 'B'), joined('2026-03-01', 'A'))).toEqual(['B', 'A']);
  });

  it('says nothing by a span that is empty', () => {
    const empty = joined('2026-02-03', 'A', { from: instant('2026-03-01'), until: instant('2026-03-01') });
    expect(shown(joined('2026-02-01', 'A'), empty)).toEqual(['A deliver 2026-02-01..']);
  });

  it('is known by the word of a partner only where nobody else says anything of it', () => {
    const claim = joined('2026-02-05', 'A', { responsibilities: ['deliver'] }, 'partner');
    expect(whoAt('2026-03-01', claim)).toEqual(['A']);
    expect(whoAt('2026-03-01', claim, joined('2026-02-01', 'A', { responsibilities: [] }))).toEqual([]);
  });

  it('no longer answers once that is taken back', () => {
    const event = joined('2026-02-01', 'A');
    const stands = standing(historyOf(stream([event, retracted('2026-02-02', event)])));
    expect(participationsOf(factsOf(stands), ({ id }) => id)).toEqual([]);
  });
});

describe('an invitation', () => {
  const invited = (id: string) =>
    recorded('ParticipantInvited', { invitationId: id, org: org('A') }, { at: '2026-02-01' });
  const declined = (id: string, reason: 'declined' | 'expired') =>
    recorded('ParticipantDeclined', { invitationId: id, reason }, { at: '2026-02-09' });
  const states = (...events: readonly RecordedEvent[]) =>
    invitationsOf(factsOf([...events].sort(inFoldOrder))).map(({ invitationId, state }) => `${invitationId} ${state}`);

  it('is open, joined, declined or expired', () => {
    expect(
      states(
        ...['i1', 'i2', 'i3', 'i4'].map(invited),
        joined('2026-02-05', 'A', { invitationId: 'i2' }),
        declined('i3', 'declined'),
        declined('i4', 'expired'),
      ).toSorted(),
    ).toEqual(['i1 open', 'i2 joined', 'i3 declined', 'i4 expired']);
  });

  it('keeps its first answer', () => {
    expect(states(invited('i1'), joined('2026-02-05', 'A', { invitationId: 'i1' }), declined('i1', 'expired'))).toEqual(
      ['i1 joined'],
    );
  });
});
