// Does a second reading of the rules, made without looking at the first, find the same flags in random lives?
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { given } from '../support/histories/given.ts';
import { historyKept } from '../support/histories/observing.ts';
import { lives, seed, tooSeldom } from './compared.ts';
import { type Episode, episodesOf } from './oracle.ts';
import { aLife } from './randomLives.ts';

/** `THROUGHLINE_ORACLE_RULES=P1,P4.7` compares these alone. */
const rules = (process.env.THROUGHLINE_ORACLE_RULES ?? 'P').split(',');
const isCompared = ({ rule }: { readonly rule: string }): boolean => rules.some((named) => rule.startsWith(named));

/** Every rule on an engagement. */
const all = ['P1 6', 'P2 3', 'P3 7', 'P4 7', 'P5 9'].flatMap((named) => {
  const [pattern = '', count] = named.split(' ');
  return Array.from({ length: Number(count) }, (_, index) => `${pattern}.${index + 1}`);
});

/** What else the lives must meet, and which of their events show it. */
const reached: Readonly<Record<string, (event: RecordedEvent) => boolean>> = {
  retraction: ({ type }) => type === 'FactRetracted',
  replacement: ({ supersedes }) => supersedes !== undefined,
  restatement: ({ sourceSeq }) => sourceSeq !== undefined,
  ramp: ({ type, data }) => type === 'HandoffOffered' && data.ramp !== undefined,
  policy: ({ type }) => type === 'PolicyPublished',
  seasons: ({ type, data }) => type === 'PolicyPublished' && data.quietMonths !== undefined,
  'changed days': ({ type, data }) => type === 'PolicyPublished' && Object.keys(data.thresholds).length > 0,
};

const asLines = (episodes: readonly Episode[]): readonly string[] =>
  episodes
    .map(({ rule, raisedAt, clearedAt = 'open', severity, openedBy }) =>
      [rule, raisedAt, clearedAt, severity, openedBy].join(' '),
    )
    .toSorted();

const verdictsOf = (events: readonly RecordedEvent[], now: Instant) =>
  given(historyKept, ...events)
    .verdictsAt(now)
    .filter(isCompared);

const productsOf = (events: readonly RecordedEvent[], now: Instant): readonly Episode[] =>
  verdictsOf(events, now)
    .filter((verdict) => verdict.state === 'raised')
    .map(({ rule, openedBy, raisedAt, cleared, severity }) => ({
      ...{ rule, openedBy: openedBy.eventId, raisedAt, severity },
      clearedAt: cleared?.at,
    }));

/** What a life says, and what the product makes of it, for a reader of a failure. */
const storyOf = (events: readonly RecordedEvent[], now: Instant): string =>
  [
    `now ${now}`,
    ...events.map(({ occurredAt, type, data, eventId }) => `${occurredAt} ${type} ${JSON.stringify(data)} ${eventId}`),
    ...verdictsOf(events, now).map((verdict) => {
      const due = verdict.state === 'suspended' ? `${verdict.since} ${verdict.reason}` : verdict.dueAt;
      const evidence =
        verdict.state === 'raised' ? verdict.evidence.map((each) => JSON.stringify(each)).join('\n    ') : '';
      const cleared = verdict.state === 'raised' ? JSON.stringify(verdict.cleared) : '';
      return `${verdict.rule} ${verdict.state} ${verdict.subject} ${due} ${cleared}\n    ${evidence}`;
    }),
    '',
  ].join('\n');

test(`product and oracle find the same episodes in ${lives} lives`, () => {
  const found = new Map<string, number>();
  fc.assert(
    fc.property(aLife, ({ events, now }) => {
      const oracles = episodesOf(events, now).filter(isCompared);
      for (const { rule } of oracles) found.set(rule, (found.get(rule) ?? 0) + 1);
      for (const [name, shows] of Object.entries(reached))
        if (events.some(shows)) found.set(name, (found.get(name) ?? 0) + 1);
      const products = asLines(productsOf(events, now));
      if (JSON.stringify(products) === JSON.stringify(asLines(oracles))) return;
      expect(products, storyOf(events, now)).toEqual(asLines(oracles));
    }),
    { numRuns: lives, seed },
  );
  const expected = [...all.filter((rule) => isCompared({ rule })), ...Object.keys(reached)];
  expect(tooSeldom(found, { expected, runs: lives })).toEqual([]);
});
