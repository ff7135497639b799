// Is work handed over without anybody having taken it? P3.1 to P3.7, as the reference's C3 and the later decisions tell them.
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Stage } from '../../events/stage.ts';
import { afterBusinessDays } from './businessDays.ts';
import { anchorOf, cycleOf, cyclesOf, visitsOf } from './journey.ts';
import { believed, type Found, first, goLivesOf, type Life, last, notAfter, winsOf } from './life.ts';
import { offerDaysAt, thresholdAt } from './policies.ts';
import { nobodyResponsible, promisedButNotDeliverable } from './promises.ts';

/** What an engagement needs: a handoff between two stages, since an event. */
interface Need {
  readonly from: readonly Stage[];
  readonly to: Stage;
  readonly armedBy: RecordedEvent;
  readonly armedAt: Instant;
  readonly cycle: number;
  /** The work that may not begin without it. */
  readonly breachedBy: RecordedEvent | undefined;
  /** When a renewal decides what it was for. */
  readonly mootAt: Instant | undefined;
}

/** The stages between which a handoff goes: Sell and Procure hand over to Deliver together. */
const pairOf = ({ data }: Handoff): string =>
  `${data.toStage === 'deliver' && data.fromStage === 'procure' ? 'sell' : data.fromStage} ${data.toStage}`;

type Handoff = RecordedOf<'HandoffOffered' | 'HandoffAccepted' | 'HandoffRejected'>;

const onceACycle = (needs: readonly Need[]): readonly Need[] =>
  needs.filter((need, index) => {
    const before = needs.slice(0, index).filter(({ cycle, to }) => cycle === need.cycle && to === need.to);
    // A term that counts no cycle may be renewed within one: then Renew opens again.
    return before.every(({ mootAt }) => mootAt !== undefined && mootAt <= need.armedAt);
  });

/** The first renewal from an instant on, but for the one that opened what it might end. */
const renewalAfter = (life: Life, at: Instant, opener?: RecordedEvent): Instant | undefined =>
  life
    .of('SubscriptionRenewed')
    .filter((renewed) => renewed !== opener && renewed.data.subscriptionId === anchorOf(life))
    .find(({ occurredAt }) => occurredAt >= at)?.occurredAt;

const needsOf = (life: Life): readonly Need[] => {
  const sold = winsOf(life).map((won) => ({
    ...{ from: ['sell', 'procure'] as const, to: 'deliver' as const, armedBy: won, armedAt: won.occurredAt },
    ...{ cycle: cycleOf(life, won), mootAt: undefined },
    breachedBy: life.of('DeliveryStarted').find(({ occurredAt }) => notAfter(won.occurredAt, occurredAt)),
  }));
  const live = goLivesOf(life).map((goLive) => ({
    ...{ from: ['deliver'] as const, to: 'report' as const, armedBy: goLive, armedAt: goLive.occurredAt },
    ...{ cycle: cycleOf(life, goLive), mootAt: undefined },
    breachedBy: life.of('ValueReported').find(({ occurredAt }) => notAfter(goLive.occurredAt, occurredAt)),
  }));
  const renewing = visitsOf(life)
    .filter(({ stage }) => stage === 'renew')
    .map(({ from, by, cycle }) => ({
      ...{ from: ['report'] as const, to: 'renew' as const, armedBy: by, armedAt: from, cycle },
      mootAt: renewalAfter(life, from, by),
      breachedBy: life
        .of('RenewalProposed')
        .find((proposed) => notAfter(from, proposed.occurredAt) && cycleOf(life, proposed) === cycle),
    }));
  return onceACycle([...sold, ...live, ...renewing]);
};

const handoffsOf = (life: Life): readonly Handoff[] => [
  ...life.of('HandoffOffered'),
  ...life.of('HandoffAccepted'),
  ...life.of('HandoffRejected'),
];

/** The facts of a type about a need's pair: of the handoffs that were spoken of since its cycle began. */
const about = <Fact extends Handoff>(life: Life, need: Need, facts: readonly Fact[]): readonly Fact[] => {
  const begun = cyclesOf(life)[need.cycle - 2];
  const spokenOf = handoffsOf(life)
    .filter((fact) => begun === undefined || life.events.indexOf(fact) >= life.events.indexOf(begun))
    .map(({ data }) => data.handoffId);
  return facts.filter(({ data }) => {
    const isOfPair = need.from.includes(data.fromStage) && data.toStage === need.to;
    return isOfPair && spokenOf.includes(data.handoffId);
  });
};

/** P3.1: work began before the handoff was accepted. */
const beganWithout = (life: Life, need: Need): readonly Found[] => {
  const { breachedBy, mootAt } = need;
  if (breachedBy === undefined) return [];
  const accepted = about(life, need, life.of('HandoffAccepted'));
  if (accepted.some(({ occurredAt }) => notAfter(occurredAt, breachedBy.occurredAt))) return [];
  const raisedAt = believed(breachedBy.occurredAt);
  // Work that began before its renewal was decided is a breach, however soon the decision came.
  const moot = mootAt === undefined ? undefined : last(mootAt, raisedAt);
  const answeredAt = first(accepted[0]?.occurredAt, moot);
  return [{ rule: 'P3.1', openedBy: breachedBy, raisedAt, answeredAt, atOnce: true, severity: 'high' }];
};

/** P3.2: five business days after it was needed, nothing was offered. An open P3.1 takes its place. */
const notOffered = (life: Life, need: Need): readonly Found[] => {
  const offers = about(life, need, life.of('HandoffOffered'));
  const answers = [...about(life, need, life.of('HandoffAccepted')), ...about(life, need, life.of('HandoffRejected'))];
  const offered = first(...[...offers, ...answers].map(({ occurredAt }) => occurredAt));
  // A handoff to oneself has no timer.
  if (offers.some(({ occurredAt, data }) => data.self === true && occurredAt === offered)) return [];
  const raisedAt = believed(afterBusinessDays(need.armedAt, offerDaysAt(life, need.armedAt, need.to)));
  const [breach] = beganWithout(life, need);
  const answeredAt = first(offered, need.mootAt, breach?.raisedAt);
  return [{ rule: 'P3.2', openedBy: need.armedBy, raisedAt, answeredAt, severity: 'medium' }];
};

const renewalOf = (life: Life, { occurredAt, data }: Handoff): Instant | undefined =>
  data.toStage === 'renew' ? renewalAfter(life, occurredAt) : undefined;

/** P3.3: three business days after the offer, or on the day it names, nobody has answered. */
const notAnswered = (life: Life): readonly Found[] =>
  life.of('HandoffOffered').flatMap((offered): readonly Found[] => {
    const { handoffId, self, acceptBy } = offered.data;
    if (self === true) return [];
    const answers = [...life.of('HandoffAccepted'), ...life.of('HandoffRejected')].filter(
      ({ data }) => data.handoffId === handoffId,
    );
    const answered = answers.map(({ occurredAt }) => occurredAt).filter((at) => notAfter(offered.occurredAt, at));
    // What is offered again before an answer waits since the first offer.
    const before = life.of('HandoffOffered').slice(0, life.of('HandoffOffered').indexOf(offered));
    const waits = before.some(
      ({ occurredAt, data }) =>
        data.handoffId === handoffId &&
        !answers.some((answer) => answer.occurredAt >= occurredAt && answer.occurredAt <= offered.occurredAt),
    );
    const accepted = life
      .of('HandoffAccepted')
      .some(({ occurredAt, data }) => data.handoffId === handoffId && occurredAt <= offered.occurredAt);
    if (waits || accepted) return [];
    // Who asks for an answer by a time that has passed asks for it as usual.
    const patient = thresholdAt(life, offered.occurredAt, 'P3.3 days', 3);
    const isAhead = acceptBy !== undefined && acceptBy > offered.occurredAt;
    const raisedAt = believed(isAhead ? acceptBy : afterBusinessDays(offered.occurredAt, patient));
    const answeredAt = first(...answered, renewalOf(life, offered));
    return [{ rule: 'P3.3', openedBy: offered, raisedAt, answeredAt, severity: 'medium' }];
  });

const isComplete = ({ data }: RecordedOf<'HandoffOffered'>): boolean =>
  data.toOwner !== undefined && data.expectations.length > 0 && data.contextRef !== undefined;

/** Whether two facts are about the same pair in the same cycle. */
const isOfNeed = (life: Life, one: Handoff, other: Handoff): boolean =>
  pairOf(one) === pairOf(other) && cycleOf(life, one) === cycleOf(life, other);

/** P3.4: an offer lacks the new owner, the expectations or the context, until it is offered again with them. */
const incomplete = (life: Life): readonly Found[] => {
  const found: Found[] = [];
  for (const offered of life.of('HandoffOffered').filter((offer) => !isComplete(offer))) {
    const { handoffId } = offered.data;
    const again = life
      .of('HandoffOffered')
      .filter((next) => life.events.indexOf(next) > life.events.indexOf(offered) && isComplete(next))
      .find((next) => next.data.handoffId === handoffId || isOfNeed(life, next, offered));
    const isOpen = found.some(
      ({ openedBy, answeredAt }) =>
        openedBy.type === 'HandoffOffered' &&
        openedBy.data.handoffId === handoffId &&
        (answeredAt === undefined || answeredAt > offered.occurredAt),
    );
    const answeredAt = first(again?.occurredAt, renewalOf(life, offered));
    if (!isOpen)
      found.push({
        ...{ rule: 'P3.4', openedBy: offered, raisedAt: offered.occurredAt, answeredAt },
        ...{ severity: 'medium', atOnce: true },
      });
  }
  return found;
};

/** The rejections: what two systems tell of one within the tolerance is one. */
const rejectionsOf = (life: Life): readonly RecordedOf<'HandoffRejected'>[] =>
  life
    .of('HandoffRejected')
    .filter(
      (rejected, index, all) =>
        !all
          .slice(0, index)
          .some(
            (before) =>
              before.data.handoffId === rejected.data.handoffId && notAfter(rejected.occurredAt, before.occurredAt),
          ),
    );

/** P3.5: one pair's handoff was rejected twice. */
const pingPong = (life: Life): readonly Found[] =>
  rejectionsOf(life).flatMap((rejected, index, all): readonly Found[] => {
    const isOfPair = (other: Handoff): boolean => pairOf(other) === pairOf(rejected);
    const accepted = life.of('HandoffAccepted').filter(isOfPair);
    // A renewal answers what was handed over to it, as an acceptance does.
    const renewed = life
      .of('SubscriptionRenewed')
      .filter(({ data }) => rejected.data.toStage === 'renew' && data.subscriptionId === anchorOf(life));
    const over = [...accepted, ...renewed].map(({ occurredAt }) => occurredAt).filter((at) => at < rejected.occurredAt);
    const since = last('', ...over);
    const times = all.slice(0, index + 1).filter((one) => isOfPair(one) && one.occurredAt > since).length;
    if (times !== 2) return [];
    const answered = accepted.find(({ occurredAt }) => occurredAt >= rejected.occurredAt)?.occurredAt;
    const answeredAt = first(answered, renewalOf(life, rejected));
    return [
      { rule: 'P3.5', openedBy: rejected, raisedAt: rejected.occurredAt, answeredAt, severity: 'high', atOnce: true },
    ];
  });

export const unclearHandoffs = (life: Life): readonly Found[] => [
  ...needsOf(life).flatMap((need) => [...beganWithout(life, need), ...notOffered(life, need)]),
  ...notAnswered(life),
  ...incomplete(life),
  ...pingPong(life),
  ...promisedButNotDeliverable(life),
  ...nobodyResponsible(life),
];
