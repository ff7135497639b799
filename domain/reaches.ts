// How far is a fact taken back by its retractions?
import type { Fact, RecordedEvent, RecordedOf } from '../events/catalog.ts';
import { isClaim, mayReplace } from './claims.ts';

/** What decides which event of a fact stands. */
export type Rank = Pick<Fact, 'sourceSeq' | 'translation' | 'occurredAt' | 'eventId' | 'saidBy'>;

/** Plain comparison of texts. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Up to which event of a fact a retraction reaches: every event that is not greater is taken back. */
export type Reach = Pick<Rank, 'sourceSeq' | 'translation'>;

/** How far each retracted fact is taken back, from all retractions and the events that they name. A retraction reaches at least the event that it names. */
export const reachesOf = (
  retractions: readonly RecordedOf<'FactRetracted'>[],
  byId: ReadonlyMap<string, RecordedEvent>,
): ReadonlyMap<string, Reach> => {
  const reaches = new Map<string, Reach>();
  for (const retraction of retractions) {
    const named = byId.get(retraction.data.eventId);
    if (named !== undefined && mayReplace(retraction, named)) extendReach(reaches, retraction, named);
  }
  return reaches;
};

/** Under which key a retraction's reach is kept: a partner's reaches only what that partner said of the fact. */
const reachKey = (by: Pick<Fact, 'saidBy'>, factId: string): string =>
  isClaim(by) ? `${factId} ${by.saidBy?.partyId}` : factId;

/** Notes how far a retraction reaches over the fact of the event that it names. */
export const extendReach = (
  reaches: Map<string, Reach>,
  retraction: Reach & Pick<Fact, 'saidBy'>,
  named: Reach & Pick<Fact, 'factId'>,
): void => {
  const key = reachKey(retraction, named.factId);
  const reach = reachOf(retraction, named);
  const before = reaches.get(key);
  if (before === undefined || byReach(reach, before) > 0) reaches.set(key, reach);
};

/** How far the fact of an event is taken back for its sayer. */
export const reachOver = (
  reaches: ReadonlyMap<string, Reach>,
  event: Pick<Fact, 'factId' | 'saidBy'>,
): Reach | undefined => {
  const [reach, own] = [reaches.get(event.factId), reaches.get(reachKey(event, event.factId))];
  return reach === undefined || own === undefined ? (reach ?? own) : reachOf(own, reach);
};

const reachOf = (retraction: Reach, named: Reach): Reach => (byReach(retraction, named) > 0 ? retraction : named);

const byReach = (a: Reach, b: Reach): number =>
  compare(a.sourceSeq ?? '', b.sourceSeq ?? '') || (a.translation ?? 0) - (b.translation ?? 0);

/** Whether an event of a fact is taken back by that reach. */
export const covers = (reach: Reach | undefined, event: Reach): boolean =>
  reach !== undefined && byReach(event, reach) <= 0;
