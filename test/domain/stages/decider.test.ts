// Does a fact become an event once, and only once, in every stage?
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../../domain/history.ts';
import { lifecycle } from '../../../domain/lifecycle.ts';
import { decide, decideAll } from '../../../domain/stages/decider.ts';
import { enteredWith, stageEntered } from '../../../domain/stages/stageEntered.ts';
import { type Fact, parseFact, parseRecorded, type RecordedEvent } from '../../../events/catalog.ts';
import { given } from '../../support/histories/decisions.ts';
import { fact, recorded } from '../../support/histories/events.ts';
import { deliver, someFacts } from '../../support/histories/histories.ts';

const folder = new URL('../../fixtures/events/', import.meta.url);
const fixtures: readonly RecordedEvent[] = readdirSync(folder).map((name) => {
  const parsed = parseRecorded(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
  if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.issues)}`);
  return parsed.value;
});

/** The fact that an event was before it was recorded; as a system says it. */
const factOf = (event: RecordedEvent): Fact => {
  const parsed = parseFact({ ...event, actor: undefined });
  if (!parsed.ok) throw new Error(`${event.type}: ${JSON.stringify(parsed.issues)}`);
  return parsed.value;
};

describe('an opener of the stage that owns it', () => {
  const opened = fact('EngagementOpened', { segment: 'retail' }, { at: '2026-01-01', sourceId: 'deal' });
  const restated = fact('EngagementOpened', { segment: 'public' }, { at: '2026-01-01', sourceId: 'deal', seq: '2' });
  const entered = stageEntered('sell', opened);
  const typesOf = (facts: readonly Fact[], history = historyOf([])) =>
    decideAll(history, facts, '2026-01-02T00:00:00.000Z', enteredWith).flatMap(({ decision }) =>
      decision.outcome === 'accepted' ? decision.events.map(({ type }) => type) : [decision.outcome],
    );

  it('brings its StageEntered, which is the one that the recorded opener would bring', () => {
    const [decided] = decideAll(historyOf([]), [opened], '2026-01-02T00:00:00.000Z', enteredWith);
    expect(decided?.decision).toEqual({ outcome: 'accepted', events: [opened, entered] });
    const events = deliver([opened, entered]);
    expect(decide(historyOf(events), stageEntered('sell', events[0] ?? opened)).outcome).toBe('unchanged');
  });

  it('brings none when it is restated, together with the first or later', () => {
    expect(typesOf([opened, restated])).toEqual(['EngagementOpened', 'StageEntered', 'EngagementOpened']);
    expect(typesOf([restated], historyOf(deliver([opened, entered])))).toEqual(['EngagementOpened']);
  });

  it('brings one also when its StageEntered comes first, or beside it', () => {
    expect(typesOf([entered, opened])).toEqual(['StageEntered', 'EngagementOpened']);
    expect(typesOf([opened, entered])).toEqual(['EngagementOpened', 'StageEntered', 'unchanged']);
  });

  it('that is refused brings none', () => {
    const elsewhere = { ...opened, streamId: 'acme/party/p-1' };
    expect(typesOf([elsewhere])).toEqual(['refused']);
  });

  it('of another owner brings none: that stage records its own', () => {
    const won = fact('DealClosed', { result: 'won' }, { at: '2026-01-02' });
    expect(typesOf([won])).toEqual(['DealClosed']);
    expect(enteredWith(won)).toEqual([]);
  });
});

describe('deciding a fact twice', () => {
  it.each(fixtures.map((event) => [event.type, event] as const))('%s adds no event the second time', (_, event) => {
    const said = factOf(event);
    expect(decide(historyOf([]), said)).toEqual({ outcome: 'accepted', events: [said] });
    expect(decide(historyOf([event]), said)).toEqual({ outcome: 'unchanged', events: [event] });
  });

  it('is tried in every stage', () => {
    const types = new Set(fixtures.map(({ type }) => type));
    for (const { stage, owns } of lifecycle)
      expect(
        owns.filter((type) => types.has(type)),
        stage,
      ).not.toEqual([]);
  });

  it('adds nothing after any history', () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const events = deliver(facts);
        expect(deliver(facts, historyOf(events))).toEqual(events);
        for (const said of facts) expect(decide(historyOf(events), said).outcome).toBe('unchanged');
      }),
    );
  });

  it('recognises a fact by its data, even if its event id differs', () => {
    const event = recorded('DealRevised', { salesStage: 'a' }, { at: '2026-01-01', sourceId: 'deal' });
    const again = { ...fact('DealRevised', { salesStage: 'a' }, { at: '2026-02-01', sourceId: 'deal' }), eventId: 'x' };
    given(event).when(again).unchanged(event);
  });

  it('records a restatement: other data of the same fact', () => {
    const event = recorded('DealRevised', { salesStage: 'a' }, { at: '2026-01-01', sourceId: 'deal' });
    given(event)
      .when(fact('DealRevised', { salesStage: 'b' }, { at: '2026-01-01', sourceId: 'deal' }))
      .accepted();
  });
});

describe("a person's fact", () => {
  const said = recorded('DealRevised', { salesStage: 'a' }, { at: '2026-01-01', actor: 'ada', sourceId: 'key-1' });

  it('is refused if its key was used for another fact', () => {
    given(said)
      .when(fact('DealRevised', { salesStage: 'b' }, { at: '2026-01-01', actor: 'ada', sourceId: 'key-1' }))
      .refused('idempotencyKeyReused', /to correct that fact, use a new key and supersedes/);
    given(said)
      .when(fact('OutcomeAgreed', { outcomeId: 'o' }, { at: '2026-01-01', actor: 'ada', sourceId: 'key-1' }))
      .refused('idempotencyKeyReused');
  });

  it('takes back what stands, and nothing that follows from other facts', () => {
    const take = (eventId: string) =>
      fact('FactRetracted', { eventId, reason: 'code:wrong' }, { at: '2026-03-01', actor: 'ada' });
    const back = recorded('FactRetracted', { eventId: said.eventId, reason: 'code:no' }, { at: '2026-02-01' });
    given(said).when(take(said.eventId)).accepted();
    given(said)
      .when(take('elsewhere'))
      .refused('retractedUnknown', /no event elsewhere/);
    given(said, back).when(take(said.eventId)).refused('doesNotStand');
    given(said, back)
      .when(take(back.eventId))
      .refused('notRetractable', /is a FactRetracted/);
    const absorbed = recorded(
      'EngagementAbsorbed',
      { from: 'acme/engagement/e2', how: 'duplicate' },
      { at: '2026-02-01' },
    );
    given(said, absorbed)
      .when(take(absorbed.eventId))
      .refused('notRetractable', new RegExp(`follows from event ${absorbed.causationId}`));
  });

  it('is another fact under the same key from another source', () => {
    given(said)
      .when(
        fact(
          'DealRevised',
          { salesStage: 'b' },
          { at: '2026-01-01', actor: 'ada', sourceId: 'key-1', source: 'crm:1' },
        ),
      )
      .accepted();
  });

  it('is another fact under the same key of another person', () => {
    given(said)
      .when(fact('DealRevised', { salesStage: 'b' }, { at: '2026-01-01', actor: 'bob', sourceId: 'key-1' }))
      .accepted();
  });

  it('may supersede an event of its own type in its stream', () => {
    const correction = (supersedes: string) =>
      fact('DealRevised', { salesStage: 'b' }, { at: '2026-01-01', actor: 'ada', supersedes });
    given(said).when(correction(said.eventId)).accepted();
    given(said)
      .when(correction('elsewhere'))
      .refused('supersededUnknown', /no event elsewhere/);
    const outcome = recorded('OutcomeAgreed', { outcomeId: 'o' }, { at: '2026-01-01' });
    given(outcome)
      .when(correction(outcome.eventId))
      .refused('supersededOfOtherType', /is a OutcomeAgreed/);
  });

  it('can not be StageEntered, which only the pipeline records', () => {
    given()
      .when(fact('StageEntered', { stage: 'sell', openedBy: 'x' }, { at: '2026-01-01', actor: 'ada' }))
      .refused('notRecordable', /StageEntered/);
  });
});

describe('facts decided together', () => {
  const now = '2026-05-01T00:00:00.000Z';
  const outcome = (key: string, actor?: string) =>
    fact(
      'OutcomeAgreed',
      { outcomeId: 'o1' },
      { at: '2026-01-01', sourceId: key, ...(actor === undefined ? {} : { actor }) },
    );

  it('are checked against those accepted before: a second agreement of an outcome is refused', () => {
    const decided = decideAll(historyOf([]), [outcome('k1', 'ada'), outcome('k2', 'ada')], now);
    expect(decided.map(({ decision }) => decision)).toMatchObject([
      { outcome: 'accepted' },
      { outcome: 'refused', reason: 'outcomeAlreadyAgreed' },
    ]);
  });

  it('count a repetition once', () => {
    const decided = decideAll(historyOf([]), [outcome('k1'), outcome('k1')], now);
    expect(decided.map(({ decision }) => decision.outcome)).toEqual(['accepted', 'unchanged']);
  });

  it('get a decision each, in order', () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const decided = decideAll(historyOf([]), facts, now);
        expect(decided.map((one) => one.fact)).toEqual(facts);
        expect(decided.every(({ decision }) => decision.outcome === 'accepted')).toBe(true);
      }),
    );
  });
});
