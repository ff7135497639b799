// Are handoffs told apart, completed and answered, and which of a person's facts about them are refused?
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../domain/engagement/facts.ts';
import { acceptedAt, handoffsOf, missingParts, offeredAt } from '../../../domain/engagement/handoffs.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { given } from '../../support/histories/decisions.ts';
import { fact, recorded } from '../../support/histories/events.ts';

const actor = 'ada';
const pair = { handoffId: 'h1', fromStage: 'sell' as const, toStage: 'deliver' as const };
const complete = { ...pair, toOwner: 'person:1', expectations: [{ textRef: 'doc:1' }], contextRef: 'doc:2' };
const offered = recorded('HandoffOffered', pair, { at: '2026-03-01' });
const completed = recorded('HandoffOffered', complete, { at: '2026-03-02' });
const accepted = recorded('HandoffAccepted', pair, { at: '2026-03-03' });
const rejected = recorded('HandoffRejected', pair, { at: '2026-03-02T12:00' });
const handoffs = (...events: readonly RecordedEvent[]) => handoffsOf(factsOf(events));

describe('a handoff', () => {
  it('holds its offers and its first answer, by its id', () => {
    const other = recorded('HandoffOffered', { ...pair, handoffId: 'h2' }, { at: '2026-03-04' });
    const again = recorded('HandoffAccepted', pair, { at: '2026-03-05' });
    expect(handoffs(offered, completed, rejected, accepted, again, other)).toEqual([
      { ...pair, offers: [offered, completed], answer: rejected, rejections: [rejected] },
      { ...pair, handoffId: 'h2', offers: [other], answer: undefined, rejections: [] },
    ]);
  });

  it('was offered at its first offer, or at its answer if no offer is known', () => {
    expect(handoffs(offered, completed).map(offeredAt)).toEqual([offered.occurredAt]);
    expect(handoffs(accepted).map(offeredAt)).toEqual([accepted.occurredAt]);
  });

  it('is accepted only by an acceptance', () => {
    expect(handoffs(offered, accepted).map(acceptedAt)).toEqual([accepted.occurredAt]);
    expect(handoffs(offered, rejected).map(acceptedAt)).toEqual([undefined]);
    expect(handoffs(offered).map(acceptedAt)).toEqual([undefined]);
  });

  it('is complete with a new owner, an expectation and the context', () => {
    expect(missingParts(offered)).toEqual(['toOwner', 'expectations', 'contextRef']);
    expect(missingParts(completed)).toEqual([]);
  });
});

describe("a person's handoff", () => {
  it('is offered, offered again with its missing parts, and answered', () => {
    given()
      .when(fact('HandoffOffered', pair, { at: '2026-03-01', actor }))
      .accepted();
    given(offered)
      .when(fact('HandoffOffered', complete, { at: '2026-03-02', actor }))
      .accepted();
    given(offered)
      .when(fact('HandoffAccepted', pair, { at: '2026-03-03', actor }))
      .accepted();
    given(offered)
      .when(fact('HandoffRejected', pair, { at: '2026-03-03', actor }))
      .accepted();
  });

  it('is answered once, and only if it was offered', () => {
    given()
      .when(fact('HandoffAccepted', pair, { at: '2026-03-03', actor }))
      .refused('handoffUnknown', /record HandoffOffered first/);
    given(offered, accepted)
      .when(fact('HandoffRejected', pair, { at: '2026-03-04', actor }))
      .refused('handoffAlreadyAnswered', new RegExp(accepted.eventId));
    given(offered, accepted)
      .when(fact('HandoffOffered', complete, { at: '2026-03-04', actor }))
      .refused('handoffAlreadyAnswered', /under a new id/);
  });

  it('is offered under a new id after a rejection, because an id has one answer', () => {
    given(offered, rejected)
      .when(fact('HandoffOffered', complete, { at: '2026-03-04', actor }))
      .refused('handoffAlreadyAnswered', /under a new id/);
    given(offered, rejected)
      .when(fact('HandoffOffered', { ...complete, handoffId: 'h2' }, { at: '2026-03-04', actor }))
      .accepted();
  });

  it('keeps its two stages, which must differ', () => {
    given(offered)
      .when(fact('HandoffAccepted', { ...pair, toStage: 'report' }, { at: '2026-03-03', actor }))
      .refused('handoffOfOtherStages', /from sell to deliver/);
    given()
      .when(fact('HandoffOffered', { ...pair, toStage: 'sell' }, { at: '2026-03-03', actor }))
      .refused('handoffToItself');
  });

  it('is accepted from a system, in any order', () => {
    given()
      .when(fact('HandoffAccepted', pair, { at: '2026-03-03' }))
      .accepted();
    given(offered, accepted)
      .when(fact('HandoffRejected', pair, { at: '2026-03-04' }))
      .accepted();
  });
});
