// Who answers for what in an engagement, from when until when?
import type { RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { unconfirmedIn, wordsFirst } from '../claims.ts';
import { type Context, partyIdOf } from '../context/context.ts';
import type { Facts } from '../engagement/facts.ts';

type Joined = RecordedOf<'ParticipantJoined'>;
export type Responsibility = Joined['data']['responsibilities'][number];

/** The time in which a party answers for something, and the fact that says so. Without `to` it never ends. */
export interface Held {
  readonly from: Instant;
  readonly to: Instant | undefined;
  readonly by: Joined;
  /** The fact that ended it: its own, by its `until`, or a later one of the same party. */
  readonly endedBy: Joined;
}

export interface Responsibilities {
  /** The first fact that declares any; undefined while nobody declared one. */
  readonly declaredBy: Joined | undefined;
  /** The times in which somebody held a responsibility, by their start. */
  of(responsibility: Responsibility): readonly Held[];
}

/** When a fact takes effect: from its `from` on, but not before it was said to be so. */
const effectiveFrom = ({ occurredAt, data: { from } }: Joined): Instant =>
  from !== undefined && from > occurredAt ? from : occurredAt;

/** The times of one party, from its facts in fold order: each replaces what was said of the party before, once it takes effect. */
const timesOf = (facts: readonly Joined[]): readonly Held[] => {
  let times: Held[] = [];
  for (const by of facts) {
    const from = effectiveFrom(by);
    times = times.flatMap((held) => {
      if (held.from >= from) return [];
      return [held.to !== undefined && held.to <= from ? held : { ...held, to: from, endedBy: by }];
    });
    const { until: to } = by.data;
    if (to === undefined || to > from) times.push({ from, to, by, endedBy: by });
  }
  return times;
};

/**
 * The declared responsibilities of an engagement. References that are linked are one party. Of each party the vendor's and systems'
 * words count; a partner's unconfirmed claim counts where nobody else says anything of that party.
 */
export const responsibilitiesOf = (
  facts: Pick<Facts, 'of' | 'events'>,
  context: Pick<Context, 'tenantId' | 'links'>,
): Responsibilities => {
  const isUnconfirmed = unconfirmedIn(facts.events);
  const joined = facts.of('ParticipantJoined');
  const byParty = Map.groupBy(joined, ({ data }) => partyIdOf(context, data.org));
  const times = [...byParty.values()]
    .flatMap((said) => timesOf(wordsFirst(said, isUnconfirmed)))
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  return {
    declaredBy: joined.find(({ data }) => data.responsibilities.length > 0),
    of: (responsibility) => times.filter(({ by }) => by.data.responsibilities.includes(responsibility)),
  };
};
