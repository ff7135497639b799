// Which events stand at one date and not at another, and what made the difference?
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { type Cuts, standing } from '../history.ts';
import { countsFrom, takesEffectAt } from './effect.ts';

/**
 * Why an event counts at the later date alone, or no longer. `occurred`: it happened between the dates. `tookEffect`: it had been said
 * before, for an instant between them. `late`: it had happened before, and was recorded between them. `corrected`: another saying of its fact, or a person's correction, took its place.
 * `retracted`: it was taken back. `judged`: the vendor's word on a partner's claim.
 */
export const changeReasons = ['occurred', 'tookEffect', 'late', 'corrected', 'retracted', 'judged'] as const;
export type ChangeReason = (typeof changeReasons)[number];

export interface EventChange {
  readonly event: RecordedEvent;
  /** Whether it stands at the later date and not at the earlier one, or the other way round. */
  readonly change: 'began' | 'ended';
  readonly why: ChangeReason;
  /** The event that replaced it, took it back or judged it; undefined if it began by itself. */
  readonly by: RecordedEvent | undefined;
}

const isKnown = ({ recordedAt }: RecordedEvent, { recordedUntil }: Cuts): boolean =>
  recordedUntil === undefined || recordedAt <= recordedUntil;

const isBy = (at: Instant, { occurredUntil }: Cuts): boolean => occurredUntil === undefined || at <= occurredUntil;

/** The ids of the events that stand and count by the cuts. */
const counting = (events: readonly RecordedEvent[], cuts: Cuts): ReadonlySet<string> => {
  const { recordedUntil } = cuts;
  const stands = standing({ events }, { recordedUntil }).filter((event) => isBy(countsFrom(event), cuts));
  return new Set(stands.map(({ eventId }) => eventId));
};

/** Two cuts; `from` must cut no later than `to` on either clock. */
export interface TwoCuts {
  readonly from: Cuts;
  readonly to: Cuts;
}

/** What was recorded between the dates, by what it may do to other events. */
interface Learnt {
  readonly judgements: ReadonlyMap<string, RecordedEvent>;
  readonly retractions: ReadonlyMap<string, RecordedEvent>;
  readonly corrections: ReadonlyMap<string, RecordedEvent>;
  readonly sayings: ReadonlyMap<string, RecordedEvent>;
}

/** `factOf` tells the fact of an event id: a retraction takes back a fact, whichever of its events it names. */
const learntBetween = (known: readonly RecordedEvent[], from: Cuts, factOf: (id: string) => string): Learnt => {
  const judgements = new Map<string, RecordedEvent>();
  const retractions = new Map<string, RecordedEvent>();
  const corrections = new Map<string, RecordedEvent>();
  const sayings = new Map<string, RecordedEvent>();
  for (const event of known) {
    if (isKnown(event, from)) continue;
    sayings.set(event.factId, event);
    if (event.supersedes !== undefined) corrections.set(event.supersedes, event);
    if (event.type === 'FactRetracted') retractions.set(factOf(event.data.eventId), event);
    if (event.type === 'ClaimRejected' || event.type === 'ClaimConfirmed') judgements.set(event.data.eventId, event);
  }
  return { judgements, retractions, corrections, sayings };
};

/**
 * The events of a stream that stand by the later cuts and not by the earlier ones, or the other way round, in the order of
 * recording.
 */
export const eventChanges = (events: readonly RecordedEvent[], { from, to }: TwoCuts): readonly EventChange[] => {
  const [before, after] = [counting(events, from), counting(events, to)];
  const known = events.filter((event) => isKnown(event, to));
  const facts = new Map(known.map(({ eventId, factId }) => [eventId, factId]));
  const learnt = learntBetween(known, from, (id) => facts.get(id) ?? id);
  // Of several judgements any may be the cause; the last one is named.
  const lastJudgement = [...learnt.judgements.values()].at(-1);
  const earlier = new Set(known.filter((event) => isKnown(event, from)).map(({ factId }) => factId));

  const began = (event: RecordedEvent): EventChange => {
    const found = (why: ChangeReason, by?: RecordedEvent): EventChange => ({ event, change: 'began', why, by });
    if (!isBy(event.occurredAt, from) && isBy(event.occurredAt, to)) return found('occurred');
    if (!isBy(countsFrom(event), from)) return found('tookEffect');
    if (isKnown(event, from)) return found(lastJudgement === undefined ? 'corrected' : 'judged', lastJudgement);
    return found(event.supersedes !== undefined || earlier.has(event.factId) ? 'corrected' : 'late');
  };
  const ended = (event: RecordedEvent): EventChange => {
    const found = (why: ChangeReason, by?: RecordedEvent): EventChange => ({ event, change: 'ended', why, by });
    const correction = learnt.corrections.get(event.eventId);
    if (correction !== undefined) return found('corrected', correction);
    const judgement = learnt.judgements.get(event.eventId);
    if (judgement?.type === 'ClaimRejected') return found('judged', judgement);
    const retraction = learnt.retractions.get(event.factId);
    const saying = learnt.sayings.get(event.factId);
    if (saying !== undefined && (retraction === undefined || after.has(saying.eventId))) {
      return found('corrected', saying);
    }
    return retraction === undefined ? found('judged', lastJudgement) : found('retracted', retraction);
  };

  return known.flatMap((event) => {
    const [stood, stands] = [before.has(event.eventId), after.has(event.eventId)];
    if (stood === stands) return [];
    return [stands ? began(event) : ended(event)];
  });
};

/** The events of a stream that count by both cuts, and take effect between them: they were announced before. */
export const effectsBetween = (events: readonly RecordedEvent[], { from, to }: TwoCuts): readonly EventChange[] => {
  const [before, after] = [counting(events, from), counting(events, to)];
  return events.flatMap((event): readonly EventChange[] => {
    const counts = before.has(event.eventId) && after.has(event.eventId);
    const at = takesEffectAt(event);
    if (!counts || isBy(at, from) || !isBy(at, to)) return [];
    return [{ event, change: 'began', why: 'tookEffect', by: undefined }];
  });
};

/**
 * In what the two clocks differ at an instant: the events that stand on the occurred clock (by all that is known today) and not
 * on the recorded clock (by what was known then), or the other way round. They are exactly the late, the corrected, the
 * retracted and the judged facts.
 */
export const clockDifference = (events: readonly RecordedEvent[], at: string): readonly EventChange[] =>
  eventChanges(events, { from: { recordedUntil: at, occurredUntil: at }, to: { occurredUntil: at } });
