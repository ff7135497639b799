// Does a partner win too many deals without an offer of the catalogue?
import * as z from 'zod';
import { isRepeating, type OfferUse } from './offerUse.ts';
import { citesUse, clearedByUse, measuredIn, type PartnerRule, type PartnerVerdict } from './partnerRule.ts';

const thresholds = z.object({
  /** How many wins are looked at: the last ones. */
  wins: z.int().min(2).max(100).default(6),
  /** The share of them without a published offer: above it the flag is raised; it clears at `clear` or less. */
  share: z.number().min(0).max(1).default(0.5),
  clear: z.number().min(0).max(1).default(0.3),
  /** Whether partners are judged whose registered roles include neither var nor msp: the business of others is custom. */
  anyRole: z.boolean().default(false),
});

const raisedBy = (
  wins: readonly OfferUse[],
  last: OfferUse,
  { share, limits }: { readonly share: number; readonly limits: z.infer<typeof thresholds> },
): PartnerVerdict => ({
  subject: 'wins',
  openedBy: last,
  raisedAt: last.at,
  severity: 'medium',
  evidence: [
    ...wins.map((win) =>
      citesUse(
        win,
        win.published ? 'a deal was won with a published offer' : 'a deal was won without a published offer',
      ),
    ),
    measuredIn('share of wins without a published offer', share, limits.share),
  ],
  clearsWhen: `Of the last ${limits.wins} wins, at most ${limits.clear} are without a published offer.`,
  nextStep: 'Publish what is sold again and again as an offer, or name the offer in the opportunity.',
  cleared: undefined,
});

/**
 * P2.6, by partner: of its last wins, more than `share` name no offer, or none of which a version was published by then. It is
 * judged from `wins` wins on; several wins of one instant are judged together.
 */
export const offCatalogue: PartnerRule<typeof thresholds> = {
  id: 'P2.6',
  title: 'Deals are won without an offer of the catalogue',
  thresholds,
  verdicts: (uses, thresholdsOf) => {
    const wins = uses.filter(({ kind }) => kind === 'win');
    const verdicts: PartnerVerdict[] = [];
    for (const [index, win] of wins.entries()) {
      if (wins[index + 1]?.at === win.at) continue;
      const last = verdicts.at(-1);
      const open = last !== undefined && last.cleared === undefined ? last : undefined;
      const limits = thresholdsOf(open?.openedBy ?? win);
      if (index + 1 < limits.wins) continue;
      const window = wins.slice(index + 1 - limits.wins, index + 1);
      const share = window.filter(({ published }) => !published).length / window.length;
      if (open !== undefined && share <= limits.clear) {
        const cleared = clearedByUse(win, win.at, 'offersAgain');
        verdicts[verdicts.length - 1] = { ...open, cleared };
      }
      const isJudged = limits.anyRole || isRepeating(win);
      if (open === undefined && isJudged && share > limits.share)
        verdicts.push(raisedBy(window, win, { share, limits }));
    }
    return verdicts;
  },
};
