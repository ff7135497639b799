// How is work handed off in a story? It is offered and accepted in time, or the handoff fails in one of several ways.
import type { Day } from '../calendar.ts';
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
}

const parts = (story: Story, { from, to }: HandoffWish) => ({
  fromOwner: `role:${from}/${story.deal.partner.id}`,
  toOwner: `role:${to}/${story.deal.partner.id}`,
  expectations: [{ textRef: `hub:${story.deal.reference}/${from}-${to}/expectations` }],
  contextRef: `hub:${story.deal.reference}/${from}-${to}/context`,
});

/** Tells the handoff and plants its failure; answers when the receiving stage begins. */
export const handOver = (story: Story, wish: HandoffWish): Day => {
  const { calendar, deal, random } = story;
  const { from, to, needed, course } = wish;
  const pair = { fromStage: from, toStage: to };
  const handoffId = `${deal.reference}/${from}/${to}`;
  const offer = (day: Day, given: object = parts(story, wish), id = handoffId): void =>
    story.say('hub', 'HandoffOffered', { at: calendar.work(day), data: { handoffId: id, ...pair, ...given } });
  const answer = (type: 'HandoffAccepted' | 'HandoffRejected', day: Day, data: object = {}, id = handoffId): void =>
    story.say('hub', type, { at: calendar.work(day), data: { handoffId: id, ...pair, ...data } });
  const beganWithout = (day: Day): void => story.plant('P3.1', { from: day - 2, until: day + 1 });
  const notOffered = (): void => story.plant('P3.2', { from: needed + 4, until: needed + 10 });

  // Renew is due from an exact instant, and weekend work moves back by two days: the offer must still come after that instant.
  const offered = needed + (to === 'renew' ? random.between(3.2, 4.4) : random.between(1.2, 2.4));
  const accepted = offered + random.between(1.1, 1.9);
  const { expectations: _expectations, ...unclear } = parts(story, wish);
  const { toOwner: _toOwner, ...ownerless } = parts(story, wish);
  switch (course) {
    case undefined:
      offer(offered);
      answer('HandoffAccepted', accepted);
      return Math.max(wish.begins, accepted + 1.5);
    case 'late':
      offer(needed + 13);
      answer('HandoffAccepted', needed + 14.5);
      notOffered();
      return Math.max(wish.begins, needed + 16);
    case 'never':
      notOffered();
      beganWithout(wish.begins);
      return wish.begins;
    case 'afterwards': {
      const begins = Math.max(wish.begins, accepted);
      offer(offered);
      answer('HandoffAccepted', begins + 6.5);
      beganWithout(begins);
      return begins;
    }
    case 'rejected': {
      const begins = Math.max(wish.begins, accepted + 1.5);
      offer(offered);
      answer('HandoffRejected', accepted, { missing: [`hub:${deal.reference}/${from}-${to}/context`] });
      beganWithout(begins);
      return begins;
    }
    case 'incomplete':
      offer(offered, ownerless);
      answer('HandoffAccepted', accepted);
      story.plant('P3.4', { from: offered - 2, until: offered + 1 });
      return Math.max(wish.begins, accepted + 1.5);
    case 'completedLater':
      offer(offered - 1, unclear);
      offer(offered + 1.2);
      answer('HandoffAccepted', accepted + 1.2);
      story.plant('P3.4', { from: offered - 3, until: offered });
      return Math.max(wish.begins, accepted + 2.7);
    default:
      return course satisfies never;
  }
};
