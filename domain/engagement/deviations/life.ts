// Where do facts contradict each other on whether the engagement lives: a deletion, a closing, a subscription without a deal?
import { type CheckOf, deviation } from './deviation.ts';

export const lifeKinds = ['withdrawnWhileSubscribed', 'closedWhileSubscribed', 'subscribedWithoutWin'] as const;
type LifeKind = (typeof lifeKinds)[number];

/** The record of a deal was deleted, or its work declared over, although a subscription of it goes on: the engagement goes on too. */
const endings: CheckOf<LifeKind> = ({ events, subscriptions, journey, engagementId }) => {
  if (journey.ending !== undefined || subscriptions.every(({ ended }) => ended !== undefined)) return [];
  const last = events.findLast(
    ({ type }) => type === 'EngagementWithdrawn' || type === 'EngagementReinstated' || type === 'EngagementClosed',
  );
  switch (last?.type) {
    case 'EngagementWithdrawn':
      return [deviation('withdrawnWhileSubscribed', engagementId, [last])];
    case 'EngagementClosed':
      return [deviation('closedWhileSubscribed', engagementId, [last])];
    default:
      return [];
  }
};

/** A live subscription is a deal that was made, but nobody says that it was won: the first start shows it. */
const withoutWin: CheckOf<LifeKind> = (engagement) => {
  const isWon = engagement.closings.some(
    ({ event, undoneBy }) => event.data.result === 'won' && undoneBy === undefined,
  );
  const [first] = engagement.of('SubscriptionStarted');
  return isWon || first === undefined ? [] : [deviation('subscribedWithoutWin', first.data.subscriptionId, [first])];
};

export const lifeChecks: readonly CheckOf<LifeKind>[] = [endings, withoutWin];
