// Which flags should a life have? Every rule of the reference's part C, read once more, by a plain and slow way.
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { customEveryTime } from './customEveryTime.ts';
import { ignoredRoutes } from './ignoredRoutes.ts';
import { days, type Found, first, type Life, lifeOf, type Severity, severities } from './life.ts';
import { noEvidenceOfValue } from './noEvidenceOfValue.ts';
import { toolsInsteadOfOutcomes } from './toolsInsteadOfOutcomes.ts';
import { unclearHandoffs } from './unclearHandoffs.ts';

/** A time that a rule was broken, as both sides tell it. */
export interface Episode {
  readonly rule: string;
  /** The id of the event that opened it. */
  readonly openedBy: string;
  readonly raisedAt: Instant;
  readonly clearedAt: Instant | undefined;
  readonly severity: Severity;
}

/** Whether, just before an instant or (of what is open) at it, an undecided term ends within 90 days or has ended. */
const renewalIsNear = ({ terms, now }: Life, at: Instant | undefined): boolean =>
  terms.some(({ start, begunBy, decidedBy, end }) => {
    // A shorter term is near its renewal all the time: that says nothing.
    if (end === undefined || days(start, 90) > end) return false;
    const near = days(end, -90);
    if (at === undefined) return decidedBy === undefined && near <= now;
    return near < at && begunBy.occurredAt < at && (decidedBy === undefined || decidedBy.occurredAt >= at);
  });

const stepUp = (severity: Severity): Severity =>
  severities[Math.min(severities.indexOf(severity) + 1, severities.length - 1)] ?? severity;

const episodeOf = (life: Life, found: Found, lifeAt: (at: Instant) => Life): readonly Episode[] => {
  const { rule, raisedAt } = found;
  const isOver = (at: Instant | undefined): boolean =>
    at !== undefined && (found.atOnce === true ? at < raisedAt : at <= raisedAt);
  if (raisedAt > life.now) return [];
  if (found.historic !== true && (isOver(found.answeredAt) || isOver(life.endedAt))) return [];
  const answered = found.historic === true ? found.answeredAt : first(found.answeredAt, life.endedAt);
  const clearedAt = answered !== undefined && answered <= life.now ? answered : undefined;
  const base = typeof found.severity === 'string' ? found.severity : found.severity(clearedAt ?? life.now);
  // What is history, or over as it comes, is as severe as when it happened.
  const near =
    found.historic === true || clearedAt === raisedAt
      ? renewalIsNear(lifeAt(raisedAt), undefined)
      : renewalIsNear(life, clearedAt);
  const severity = near ? stepUp(base) : base;
  return [{ rule, openedBy: found.openedBy.eventId, raisedAt, clearedAt, severity }];
};

const patterns = [toolsInsteadOfOutcomes, customEveryTime, unclearHandoffs, noEvidenceOfValue, ignoredRoutes];

/** What the oracle finds in a life at an instant, of each rule. */
export const episodesOf = (recorded: readonly RecordedEvent[], now: Instant): readonly Episode[] => {
  const life = lifeOf(recorded, now);
  return patterns
    .flatMap((pattern) => pattern(life))
    .flatMap((found) => episodeOf(life, found, (at) => lifeOf(recorded, at)));
};
