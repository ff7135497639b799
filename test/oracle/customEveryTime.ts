// Is every delivery made anew? P2.1 to P2.3, as the reference's C2 and the later decisions tell them.
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Found, Life, Severity } from './life.ts';

/** P2.1: a delivery that follows no template, until one of them does. */
const noTemplate = (life: Life): readonly Found[] =>
  life
    .of('DeliveryStarted')
    .filter(({ data }) => data.templateRef === undefined)
    .map((started) => ({
      ...{ rule: 'P2.1', openedBy: started, severity: 'low', atOnce: true, raisedAt: started.occurredAt },
      answeredAt: life
        .of('DeliveryStarted')
        .find((next) => life.events.indexOf(next) > life.events.indexOf(started) && next.data.templateRef !== undefined)
        ?.occurredAt,
    }));

type Level = 'none' | 'medium' | 'high';

interface Ratio {
  readonly rule: string;
  /** The ratio after some events; undefined where it can't be told. */
  readonly of: (events: readonly RecordedEvent[]) => number | undefined;
  readonly lines: { readonly medium: number; readonly high: number };
  /** Whether an event may open it. Of what comes at one instant, the last does. */
  readonly moves: (event: RecordedEvent) => boolean;
  /** Whether the last of some events, with the ratio after it, closes the flag. */
  readonly closes: (events: readonly RecordedEvent[], ratio: number | undefined) => boolean;
}

const isGoLive = ({ type, data }: RecordedEvent): boolean =>
  type === 'MilestoneReached' && data.milestone === 'go_live';

/** A ratio that goes above a line: as severe as its highest value, until a go-live closes it. */
const above = (life: Life, { rule, of, lines, moves, closes }: Ratio): readonly Found[] => {
  const upTo = (at: Instant) => life.events.filter(({ occurredAt }) => occurredAt <= at);
  // What comes at one instant counts together.
  const steps = life.events.map((event) => ({ event, ratio: of(upTo(event.occurredAt)) }));
  const levelOf = (ratio = 0): Level => (ratio > lines.high ? 'high' : ratio > lines.medium ? 'medium' : 'none');
  const found: Found[] = [];
  let from = 0;
  for (const [index, { event, ratio }] of steps.entries()) {
    // Of what comes at one instant, the last counts.
    const goesOn = steps
      .slice(index + 1)
      .some((next) => next.event.occurredAt === event.occurredAt && moves(next.event));
    if (index < from || !moves(event) || levelOf(ratio) === 'none' || goesOn) continue;
    const after = steps.slice(index);
    // What comes at one instant is closed together.
    const together = steps.filter((step) => step.event.occurredAt >= event.occurredAt);
    const end = together.find((step) => closes(life.events.slice(0, steps.indexOf(step) + 1), step.ratio));
    const severity = (until: Instant): Severity =>
      after.some((step) => step.event.occurredAt <= until && levelOf(step.ratio) === 'high') ? 'high' : 'medium';
    found.push({
      rule,
      atOnce: true,
      openedBy: event,
      raisedAt: event.occurredAt,
      answeredAt: end?.event.occurredAt,
      severity,
    });
    const next = steps.findIndex((step) => end !== undefined && step.event.occurredAt > end.event.occurredAt);
    from = next < 0 ? steps.length : next;
  }
  return found;
};

const isImplementing = (event: RecordedEvent): event is RecordedOf<'WorkLogged'> =>
  event.type === 'WorkLogged' && event.data.category === 'implementation';
const isCustomising = (event: RecordedEvent): event is RecordedOf<'DeviationRecorded'> =>
  event.type === 'DeviationRecorded' && event.data.kind === 'customisation';

const worked = (events: readonly RecordedEvent[]): number =>
  events.filter(isImplementing).reduce((sum, { data }) => sum + data.minutes, 0);

const customised = (events: readonly RecordedEvent[]): number =>
  events.filter(isCustomising).reduce((sum, { data }) => sum + (data.minutes ?? 0), 0);

/** P2.2: too much of the work goes into deviations, once eight hours of it are logged. */
const deviationEffort: Ratio = {
  rule: 'P2.2',
  of: (events) => (worked(events) < 480 ? undefined : customised(events) / worked(events)),
  lines: { medium: 0.2, high: 0.35 },
  moves: (event) => isImplementing(event) || isCustomising(event) || isGoLive(event),
  closes: (events, ratio) => events.some(isGoLive) && ratio !== undefined && ratio <= 0.15,
};

/** Whether what starts after these events is a further delivery. */
const isNext = (before: readonly RecordedEvent[]): boolean => {
  const started = before.findLastIndex(({ type }) => type === 'DeliveryStarted');
  return before.slice(Math.max(started, 0)).some(isGoLive);
};

/** P2.3: the work takes longer than planned. */
const overrun: Ratio = {
  rule: 'P2.3',
  of: (all) => {
    // A go-live closes a delivery with its final value; work is the next one's only once that has started.
    const start = all.findLastIndex((event, index) => event.type === 'DeliveryStarted' && isNext(all.slice(0, index)));
    const events = all.slice(Math.max(start, 0));
    const planned = events
      .flatMap(({ type, data }) => (type === 'DeliveryStarted' ? (data.plannedMinutes ?? []) : []))
      .at(-1);
    const started = events.findIndex(({ type }) => type === 'DeliveryStarted');
    const end = events.slice(Math.max(started, 0)).find(isGoLive)?.occurredAt;
    const own = events.filter(({ occurredAt }) => end === undefined || occurredAt <= end);
    return planned === undefined || own.length < events.length ? undefined : worked(own) / planned;
  },
  lines: { medium: 1.25, high: 1.5 },
  moves: (event) => isImplementing(event) || event.type === 'DeliveryStarted',
  closes: (events) => events.slice(-1).some(isGoLive),
};

export const customEveryTime = (life: Life): readonly Found[] => [
  ...noTemplate(life),
  ...above(life, deviationEffort),
  ...above(life, overrun),
];
