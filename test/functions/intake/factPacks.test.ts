// Do facts travel in few entries, each to its owner, none of them too large?
import { expect, test } from 'vitest';
import { ownerOf } from '../../../domain/lifecycle.ts';
import type { Fact } from '../../../events/catalog.ts';
import { packsOf } from '../../../functions/intake/factPacks.ts';
import { createPutFacts } from '../../../functions/intake/putFacts.ts';
import { fact } from '../../support/histories/events.ts';
import { revisions, streamNamed } from '../project/revisions.ts';

const at = '2026-05-01';
const streams = ['a', 'b'].map((name) => streamNamed(name));
const mixed: readonly Fact[] = streams.flatMap((stream) => [
  ...revisions(stream, 2),
  fact('DeliveryStarted', {}, { at, stream }),
  fact('HandoffOffered', { handoffId: 'h', fromStage: 'sell', toStage: 'deliver' }, { at, stream }),
  fact('OrderPlaced', { claimedBy: 'crm', orderId: 'O-1' }, { at, stream }),
]);

test('a pack holds what one owner owns, of any type and stream, in order', () => {
  const packs = packsOf(mixed);
  expect(packs.map(({ entry }) => JSON.parse(entry.detail).owner)).toEqual(['sell', 'deliver', 'procure']);
  for (const { entry, facts } of packs) {
    const { owner, facts: held } = JSON.parse(entry.detail);
    expect(held).toEqual(facts);
    expect(facts).toEqual(mixed.filter(({ type, data }) => ownerOf(type, data) === owner));
    expect(entry).toMatchObject({ source: 'throughline.intake', detailType: 'Facts' });
  }
});

test('tenants share no pack', () => {
  const others = mixed.map((each) => ({ ...each, tenantId: 'another' }));
  expect(packsOf([...mixed, ...others])).toHaveLength(6);
});

test('a pack stays below 64 KB and a hundred facts; a larger fact has its own', () => {
  const [stream = ''] = streams;
  const large = [...revisions(stream, 6, 'large', 20), ...revisions(stream, 1, 'huge', 150), ...revisions(stream, 250)];
  const packs = packsOf(large);
  expect(packs.flatMap(({ facts }) => facts)).toEqual(large);
  for (const { entry, facts } of packs) {
    if (facts.length > 1) expect(Buffer.byteLength(entry.detail)).toBeLessThan(62 * 1024);
    expect(facts.length).toBeLessThanOrEqual(100);
  }
  expect(packs.length).toBeLessThan(9);
});

test('every fact of an entry that the bus refuses is unsent, and no other', async () => {
  const put = createPutFacts({
    bus: { put: async () => [{ index: 1, reason: 'ThrottlingException: slow down' }] },
    identities: { begin: () => undefined },
  });
  const unsent = await put(mixed);
  expect([...unsent.keys()]).toEqual(mixed.filter(({ type, data }) => ownerOf(type, data) === 'deliver'));
  expect(new Set(unsent.values())).toEqual(new Set(['ThrottlingException: slow down']));
});
