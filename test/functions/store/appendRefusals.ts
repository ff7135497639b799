// Which appends must every event store refuse as bugs of the caller?
import { beforeEach, describe, expect, test } from 'vitest';
import type { Fact } from '../../../events/catalog.ts';
import { type EventStore, emptyTip, type Loaded, type Tip } from '../../../functions/store/eventStore.ts';
import { revisions, streamNamed } from '../project/revisions.ts';
import { grow, type StoreUnderTest } from './eventStoreContract.ts';

const now = '2026-05-04T10:00:00.000Z';
const later = '2026-05-04T11:00:00.000Z';
const streamId = streamNamed('e1');
const elsewhere = streamNamed('e2');

const [sound, fact] = revisions(streamId, 2, 'next');

/** Facts as a bug could make them, each with the reason of its refusal. */
const unreadable: readonly (readonly [reason: string, fact: object])[] = [
  ['data: missing', { ...fact, data: undefined }],
  ['data.customer.id: missing', { ...fact, data: { customer: { system: 'crm', kind: 'account' } } }],
  ['data: Unrecognized key: "mood"', { ...fact, data: { ...fact?.data, mood: 'fine' } }],
  ['type: unknown event type CustomerForgotten', { ...fact, type: 'CustomerForgotten' }],
  ['eventId: missing', { ...fact, eventId: undefined }],
  ['occurredAt: ', { ...fact, occurredAt: 'yesterday' }],
  ['schemaVersion: Too small', { ...fact, schemaVersion: 0 }],
  ['correlationId: Too big', { ...fact, correlationId: 'x'.repeat(2049) }],
];

export const appendRefusals = ({ name, create }: Pick<StoreUnderTest, 'name' | 'create'>): void => {
  let store: EventStore;
  let tip: Tip;
  beforeEach(async () => {
    store = await create();
    tip = (await grow(store, streamId, [2, 1])).at(-1) ?? emptyTip;
  });

  describe(`an append is refused by name, and nothing is written: ${name}`, () => {
    const refused = async (append: Promise<unknown>, error: object): Promise<void> => {
      await expect(append).rejects.toMatchObject(error);
      expect(await store.load(streamId, tip)).toEqual({ events: [], tip, bytes: 0 });
    };

    test.each(unreadable)('with an event that a load would refuse: %s', async (reason, each) => {
      const facts: readonly Fact[] = JSON.parse(JSON.stringify([sound, each]));
      const message = expect.stringContaining(reason);
      await refused(store.append(streamId, tip, facts, now), { name: 'UnreadableEvent', message });
    });

    test('at a time that is not an instant', async () => {
      const append = store.append(streamId, tip, revisions(streamId, 1, 'next'), 'soon');
      await refused(append, { name: 'UnreadableEvent', message: expect.stringContaining('recordedAt: ') });
    });

    test('with an event of another stream', async () => {
      const append = store.append(streamId, tip, revisions(elsewhere, 1), now);
      await refused(append, { name: 'MisplacedEvent', message: expect.stringContaining(`not to ${streamId}`) });
    });

    test('with an event that already has another version', async () => {
      const { events } = await store.load(streamId);
      const message = expect.stringContaining('has version 1, but the next version is 4');
      await refused(store.append(streamId, tip, events, now), { name: 'MisplacedEvent', message });
    });

    test('after the tip of another stream; a load from that tip is refused too', async () => {
      const [, other = emptyTip] = await grow(store, elsewhere, [3]);
      const message = `a tip of ${elsewhere} was given for ${streamId}`;
      await refused(store.append(streamId, other, revisions(streamId, 1, 'next'), now), {
        name: 'ForeignTip',
        message,
      });
      await expect(store.load(streamId, other)).rejects.toMatchObject({ name: 'ForeignTip', message });
    });

    test.each<readonly [string, (last: Tip) => Tip]>([
      ['after the end', (last) => ({ ...last, version: last.version + 1 })],
      ['inside a commit', (last) => ({ ...last, version: 1 })],
      ['with the right version and another hash', (last) => ({ ...last, hash: 'f'.repeat(64) })],
      ['empty but for a hash', ({ hash }) => ({ ...emptyTip, hash })],
      ['empty but for a time', () => ({ ...emptyTip, recordedAt: later })],
    ])('after a tip that no store has made: %s', async (_, made) => {
      const wrong = made(tip);
      const message = expect.stringContaining(`no store has returned this tip of ${streamId}`);
      await refused(store.append(streamId, wrong, revisions(streamId, 1, 'next'), now), {
        name: 'ForeignTip',
        message,
      });
      await expect(store.load(streamId, wrong)).rejects.toMatchObject({ name: 'ForeignTip' });
    });
  });

  describe(`an append can follow every tip that a store returns: ${name}`, () => {
    const first = revisions(elsewhere, 1);
    test.each<readonly [string, () => Promise<{ readonly outcome: 'conflict' } | Pick<Loaded, 'tip'>>]>([
      ['of an append', () => store.append(elsewhere, emptyTip, first, now)],
      [
        'of an append that was retried',
        async () => {
          await store.append(elsewhere, emptyTip, first, now);
          return await store.append(elsewhere, emptyTip, first, later);
        },
      ],
      [
        'of a load',
        async () => {
          await store.append(elsewhere, emptyTip, first, now);
          return await store.load(elsewhere);
        },
      ],
      [
        'of a load that found no further events',
        async () => {
          await store.append(elsewhere, emptyTip, first, now);
          return await store.load(elsewhere, (await store.load(elsewhere)).tip);
        },
      ],
      ['of a load of an empty stream', () => store.load(elsewhere)],
    ])('%s', async (_, give) => {
      const given = await give();
      const last = 'tip' in given ? given.tip : emptyTip;
      const appended = await store.append(elsewhere, last, revisions(elsewhere, 1, 'next'), now);
      expect(appended).toMatchObject({ outcome: 'appended', tip: { version: last.version + 1 } });
    });
  });
};
