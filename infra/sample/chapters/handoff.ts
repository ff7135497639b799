// How is work handed off in a story? It is offered and accepted in time, or the handoff fails in one of several ways.
import { businessDaysAfter, type Day, daysAfter } from '../calendar.ts';
import type { HandoffCourse } from '../plot.ts';
import type { Story } from '../story.ts';

type Stage = 'sell' | 'procure' | 'deliver' | 'report' | 'renew';

export interface HandoffWish {
  readonly from: Stage;
  readonly to: 'deliver' | 'report' | 'renew';
  /** The day from which the handoff is needed. */
  readonly needed: Day;
  /** The day on which the receiving stage plans to begin. */
  readonly begins: Day;
  readonly course: HandoffCourse | undefined;
  /** When the renewal is decided to which it leads. */
  readonly decided?: string;
}

const parts = (story: Story, { from, to }: HandoffWish) => ({
  fromOwner: `role:${from}/${story.deal.partner.id}`,
  toOwner: `role:${to}/${story.deal.partner.id}`,
  expectations: [{ textRef: `hub:${story.deal.reference}/${from}-${to}/expectations` }],
  contextRef: `hub:${story.deal.reference}/${from}-${to}/context`,
  ...(to === 'report' ? { escalationPath: `hub:${story.deal.partner.id}/escalation` } : {}),
});

/** A third of what was bought is to be used from the start of the delivery on. */
const rampOf = ({ deal, calendar }: Story) => [
  { from: calendar.work(0.5).slice(0, 10), activeUnits: Math.floor(deal.quantity * 0.35) },
];

const minutesAfter = (instant: string, minutes: number): string => daysAfter(instant, minutes / 1_440);

/** Tells the handoff and plants its failure; answers when the receiving stage begins. */
export const handOver = (story: Story, wish: HandoffWish): Day => {
  const { calendar, deal, random } = story;
  const { from, to, needed, course } = wish;
  const pair = { fromStage: from, toStage: to };
  const handoffId = `${deal.reference}/${from}/${to}`;
  const offer = (day: Day, given: object = parts(story, wish), id = handoffId): void =>
    story.say('hub', 'HandoffOffered', { at: calendar.work(day), data: { handoffId: id, ...pair, ...given } });
  const say = (type: string, at: string): void => story.say('hub', type, { at, data: { handoffId, ...pair } });
  const answer = (type: 'HandoffAccepted' | 'HandoffRejected', day: Day, data: object = {}, id = handoffId): void =>
    story.say('hub', type, { at: calendar.work(day), data: { handoffId: id, ...pair, ...data } });
  const instant = (day: Day): string | undefined => (Number.isFinite(day) ? calendar.work(day) : undefined);
  const beganWithout = (day: Day, mended?: Day): void => {
    const at = instant(day);
    if (at !== undefined) plant('P3.1', { at, mended: mended === undefined ? undefined : instant(mended) });
  };
  // Renew is needed from the exact instant at which its term is near, the others from what people did.
  const { innocent } = story.plot;
  // A small deal needs no handoff.
  if (innocent === 'smallDeal') return wish.begins;
  const neededAt = to === 'renew' ? calendar.at(needed) : calendar.work(needed);
  const notOffered = (mended: Day): void =>
    plant('P3.2', { at: businessDaysAfter(neededAt, 5), mended: instant(mended) });
  // A renewal that is decided needs no handoff any more.
  const plant: Story['plant'] = (rule, { at, mended }) => {
    const [first] = [mended, wish.decided].flatMap((each) => each ?? []).sort();
    story.plant(rule, { at, mended: first });
  };

  // Renew is due from an exact instant, and weekend work moves back by two days: the offer must still come after that instant.
  const offered = needed + (to === 'renew' ? random.between(3.2, 4.4) : random.between(1.2, 2.4));
  const accepted = offered + random.between(1.1, 1.9);
  if (course === undefined || course === 'completedLater' || course === 'pingPong' || course === 'incomplete')
    story.wait(calendar.work(offered - 1), calendar.work(offered + 4.8));
  const { expectations: _expectations, ...unclear } = parts(story, wish);
  const { toOwner: _toOwner, ...ownerless } = parts(story, wish);
  switch (course) {
    case undefined: {
      if (to === 'deliver' && innocent === 'handoffToOneself') {
        offer(offered, { ...parts(story, wish), self: true });
        answer('HandoffAccepted', offered + 6.5);
        return Math.max(wish.begins, offered + 7.5);
      }
      const begins = Math.max(wish.begins, accepted + 1.5);
      const isSoon = to === 'deliver' && innocent === 'clocksDiffer';
      const acceptBy = isSoon ? daysAfter(calendar.work(begins), 0.5) : undefined;
      const isRamp = to === 'deliver' && innocent === 'rollOutInSteps';
      offer(offered, {
        ...parts(story, wish),
        ...(isRamp ? { ramp: rampOf(story) } : {}),
        ...(isSoon ? { acceptBy } : {}),
      });
      if (isSoon) say('HandoffAccepted', minutesAfter(calendar.work(begins), 3));
      else answer('HandoffAccepted', accepted);
      return begins;
    }
    case 'late':
      offer(needed + 13);
      answer('HandoffAccepted', needed + 14.5);
      notOffered(needed + 13);
      return Math.max(wish.begins, needed + 16);
    case 'never':
      // What was not offered is absorbed by what began without it.
      notOffered(wish.begins);
      beganWithout(wish.begins);
      return wish.begins;
    case 'afterwards': {
      const begins = Math.max(wish.begins, accepted);
      offer(offered);
      answer('HandoffAccepted', begins + 6.5);
      beganWithout(begins, begins + 6.5);
      plant('P3.3', { at: businessDaysAfter(calendar.work(offered), 3), mended: instant(begins + 6.5) });
      return begins;
    }
    case 'rejected': {
      const begins = Math.max(wish.begins, accepted + 1.5);
      offer(offered);
      answer('HandoffRejected', accepted, { missing: [`hub:${deal.reference}/${from}-${to}/context`] });
      beganWithout(begins);
      return begins;
    }
    case 'pingPong': {
      for (const again of [0, 2]) {
        offer(offered + again);
        answer('HandoffRejected', offered + again + 0.8, { missing: [`hub:${deal.reference}/${from}-${to}/context`] });
      }
      offer(offered + 4);
      answer('HandoffAccepted', offered + 4.8);
      plant('P3.5', { at: calendar.work(offered + 2.8), mended: calendar.work(offered + 4.8) });
      return Math.max(wish.begins, offered + 6.3);
    }
    case 'incomplete':
      offer(offered, ownerless);
      answer('HandoffAccepted', accepted);
      plant('P3.4', { at: calendar.work(offered) });
      return Math.max(wish.begins, accepted + 1.5);
    case 'completedLater':
      offer(offered - 1, unclear);
      offer(offered + 1.2);
      answer('HandoffAccepted', offered + 1.6);
      plant('P3.4', { at: calendar.work(offered - 1), mended: calendar.work(offered + 1.2) });
      return Math.max(wish.begins, accepted + 2.7);
    default:
      return course satisfies never;
  }
};
