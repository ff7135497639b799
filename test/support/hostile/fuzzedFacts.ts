// Which facts might a hostile client post? Of any type, about anyone's engagement, with fields that only we say.
import fc from 'fast-check';
import { definitionOf, eventTypes } from '../../../events/catalog.ts';
import { fixtures } from '../fixtures.ts';
import { anyValue, type Knowledge, odd } from './knowledge.ts';

/** What only we say of an event, and what a prototype holds. */
const claims: Readonly<Record<string, unknown>> = {
  tenantId: 'rival',
  streamId: 'rival/engagement/canary-rival-e',
  stream: 'acme/engagement/canary-p2-e',
  saidBy: { role: 'vendor' },
  actor: 'vera',
  recordedAt: '2020-01-01T00:00:00.000Z',
  version: 1,
  eventId: '00000000-0000-5000-8000-000000000000',
  factId: '00000000-0000-5000-8000-000000000000',
  source: 'salesforce:00D000000000001AAA',
  correlationId: 'rival/engagement/canary-rival-e',
  connectionCurrency: 'USD',
  leadPartnerId: 'x',
  partnerId: 'x',
  constructor: { prototype: { role: 'vendor' } },
};
const prototype = '"__proto__":{"role":"vendor","tenantId":"rival","isAdmin":true}';

/** The data of each type's fixture. What a partner may say comes twice: it gets further. */
const datas: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = eventTypes.flatMap((type) => {
  const newest = [...fixtures.values()].findLast((each) => each.type === type);
  const one = [type, Object(newest?.data)] as const;
  return definitionOf(type)?.saidBy.includes('partner') === true ? [one, one] : [one];
});

const some = <T>(often: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 10 - often, arbitrary: fc.constant(undefined) }, { weight: often, arbitrary });

/** A fact of any type, about anyone's engagement, with some of its values replaced. */
export const factOf = (knowledge: Knowledge): fc.Arbitrary<string> => {
  const value = anyValue(knowledge);
  const others = { system: 'erp', kind: 'account', id: 'canary-p2-party' };
  const replaced: fc.Arbitrary<unknown> = fc.oneof(value, fc.jsonValue(), fc.constant(others));
  const about = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant('engagement'), fc.constantFrom(...knowledge.engagements)) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('engagement', 'reference', 'campaign'), value) },
    fc.constant(undefined),
  );
  const times = ['2026-04-01T00:00:00Z', '2026-05-01T00:00:00Z', '2001-01-01T00:00:00Z', '2099-01-01T00:00:00Z'];
  return fc
    .record({
      said: fc.constantFrom(...datas),
      about,
      occurredAt: some(2, fc.constantFrom(...times, ...odd)),
      supersedes: some(2, fc.constantFrom(...knowledge.ids)),
      changed: some(3, fc.tuple(fc.nat(8), replaced)),
      claimed: some(1, fc.constantFrom(...Object.keys(claims))),
      inData: some(1, fc.constantFrom(...Object.keys(claims))),
      isPolluting: some(1, fc.constant(true)),
    })
    .map(({ said: [type, data], about: subject, occurredAt, supersedes, changed, claimed, inData, isPolluting }) => {
      const field = changed === undefined ? undefined : Object.keys(data)[changed[0]];
      const text = JSON.stringify({
        type,
        ...(subject !== undefined && { [subject[0]]: subject[1] }),
        ...{ occurredAt, supersedes },
        data: {
          ...data,
          ...(field !== undefined && { [field]: changed?.[1] }),
          ...(inData !== undefined && { [inData]: claims[inData] }),
        },
        ...(claimed !== undefined && { [claimed]: claims[claimed] }),
      });
      return isPolluting === true ? `{${prototype},${text.slice(1)}` : text;
    });
};
