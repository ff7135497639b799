// Was a route agreed that the buyer does not prefer, without a reason?
import * as z from 'zod';
import type { RecordedOf } from '../../events/catalog.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { awaited, cites, measured } from './awaited.ts';
import type { Rule } from './pattern.ts';

const noThresholds = z.object({});

type Agreed = RecordedOf<'RouteAgreed'>;

/** A route that was agreed against the buyer's preference, until a later agreement mends it. */
interface Breach {
  readonly agreed: Agreed;
  /** The agreement that named the preference. */
  readonly preferred: Agreed;
  readonly mendedBy: Agreed | undefined;
}

/**
 * The breaches, in fold order; only the last may be open. A preference holds until another one is named. A reason holds for the route and
 * the preference that it was given for.
 */
const breachesOf = (engagement: Engagement): readonly Breach[] => {
  const breaches: Breach[] = [];
  let preferred: Agreed | undefined;
  let explained: string | undefined;
  for (const agreed of engagement.of('RouteAgreed')) {
    const { route, buyerPreference, reason } = agreed.data;
    if (buyerPreference !== undefined) preferred = agreed;
    const preference = preferred?.data.buyerPreference;
    if (preferred === undefined || preference === undefined) continue;
    const choice = `${route} ${preference}`;
    if (reason !== undefined) explained = choice;
    const last = breaches.at(-1);
    const open = last !== undefined && last.mendedBy === undefined ? last : undefined;
    if (route !== preference && explained !== choice) {
      if (open === undefined) breaches.push({ agreed, preferred, mendedBy: undefined });
    } else if (open !== undefined) breaches[breaches.length - 1] = { ...open, mendedBy: agreed };
  }
  return breaches;
};

/**
 * P5.2: the agreed route is not the one that the buyer prefers, and no reason is given. An agreement may name the reason itself; a
 * later one may give it, agree on the preferred route, or name another preference. A change to a further route that is not
 * preferred mends nothing.
 */
export const againstPreference: Rule<typeof noThresholds> = {
  id: 'P5.2',
  title: 'Route against the buyer’s preference',
  opens: ['RouteAgreed'],
  thresholds: noThresholds,
  verdicts: (view) =>
    breachesOf(view.engagement).flatMap(({ agreed, preferred, mendedBy }) => {
      const { route } = agreed.data;
      const preference = preferred.data.buyerPreference ?? '';
      return awaited(view, {
        subject: 'engagement',
        openedBy: agreed,
        awaits: [],
        dueAt: agreed.occurredAt,
        answer: mendedBy,
        waitsFor: 'a reason for the route, or the route that the buyer prefers',
        severity: 'medium',
        evidence: [
          cites(preferred, `the buyer prefers ${preference}`),
          cites(agreed, `${route} was agreed, without a reason`),
          measured('agreed route', route, preference),
        ],
        clearsWhen: 'The preferred route is agreed, or a reason for the other route is given.',
        nextStep: `Ask the buyer what ${route} means for their commitments and approvals, and record the reason or agree on ${preference}.`,
        reason: mendedBy?.data.reason === undefined ? 'preferredRouteAgreed' : 'reasonGiven',
      });
    }),
};
