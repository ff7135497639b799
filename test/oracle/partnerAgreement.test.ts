// Does the second reading of the rules on partners find the same flags across random engagements?
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { engagementsAt, rollUp } from '../support/rolledUp.ts';
import { lives, seed, tooSeldom } from './compared.ts';
import { type PartnerEpisode, partnerEpisodesOf } from './partnerRules.ts';
import { aBusiness, partnerIds, type RandomBusiness } from './randomPartners.ts';

/** A business holds some thirty engagements, so fewer of them are compared. */
const businesses = Math.ceil(lives / 5);

const asLines = (episodes: readonly PartnerEpisode[]): readonly string[] =>
  episodes
    .map(({ rule, partner, raisedAt, clearedAt = 'open', severity, openedBy }) =>
      [rule, partner, raisedAt, clearedAt, severity, openedBy].join(' '),
    )
    .toSorted();

const productsOf = ({ events, now, context }: RandomBusiness): readonly string[] => {
  const own = events.filter(({ streamId }) => streamId.includes('/engagement/'));
  return rollUp(engagementsAt(now, own, context), now)
    .rows.filter(({ table }) => table === 'partner_flags')
    .map(({ columns }) =>
      [
        ...[columns.rule, partnerIds.get(String(columns.partnerId)), columns.raisedAt],
        ...[columns.clearedAt ?? 'open', columns.severity, columns.openedByEvent],
      ].join(' '),
    )
    .toSorted();
};

const storyOf = ({ events, now }: RandomBusiness): string =>
  [
    `now ${now}`,
    ...events.map(
      ({ streamId, occurredAt, type, data }) => `${streamId} ${occurredAt} ${type} ${JSON.stringify(data)}`,
    ),
    '',
  ].join('\n');

test(`product and oracle find the same episodes of partners in ${businesses} businesses`, { timeout: 600_000 }, () => {
  const found = new Map<string, number>();
  fc.assert(
    fc.property(aBusiness, (business) => {
      const { events, now, around } = business;
      const oracles = partnerEpisodesOf(events, now, around);
      for (const { rule } of oracles) found.set(rule, (found.get(rule) ?? 0) + 1);
      const products = productsOf(business);
      if (JSON.stringify(products) === JSON.stringify(asLines(oracles))) return;
      expect(products, storyOf(business)).toEqual(asLines(oracles));
    }),
    { numRuns: businesses, seed },
  );
  expect(tooSeldom(found, { expected: ['P2.4', 'P2.5', 'P2.6'], runs: businesses })).toEqual([]);
});
