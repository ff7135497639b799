// Does a partner see, of each table, only the rows that name it as the leading partner?
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askedTables } from '../../../domain/rows/catalog.ts';
import type { Reference } from '../../../events/envelope.ts';
import { derivedPartyOf, parseStreamId, streamIdOf } from '../../../events/identifiers.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { everythingSaid } from '../../support/histories/everything.ts';
import { manyWins } from '../../support/histories/manyWins.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { partnersSee } from '../../support/rows/partnersSee.ts';

const [nordlys, fjordtek] = ['nordlys', 'fjordtek'].map((id) => ({ system: 'erp', kind: 'account', id }));
const idOf = (party: typeof nordlys): string =>
  party === undefined ? '' : parseStreamId(derivedPartyOf(tenantId, party)).id;

/** Both partners register a deal with one customer, so that the registrations exclude each other. */
const registeredFor = (partner: Reference) =>
  fact(
    'DealRegistered',
    { registrationId: 'same', customer: { system: 'erp', kind: 'account', id: 'one' }, partner },
    { at: '2026-03-01', stream: streamIdOf(tenantId, 'engagement', partner.id) },
  );

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, ofNordlys] = ['', ''];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, ofNordlys] = await Promise.all([people.vendor(), people.partner(idOf(nordlys))]);
  api = await createApi(engine, issuer);
  for (const lead of [nordlys, fjordtek])
    if (lead !== undefined)
      await api.record(
        ...everythingSaid({ engagement: lead.id, lead }),
        ...manyWins(`many-${lead.id}`, lead),
        registeredFor(lead),
      );
  // By then usage was measured and value reported.
  api.at('2026-08-01');
  await api.project();
  await api.rollUp();
}, 60_000);
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

test.each(askedTables)('a partner sees only its own rows of $name', async (table) => {
  const all = await api.all(vendor, `tables/${table.name}`);
  const own = await api.all(ofNordlys, `tables/${table.name}`);
  expect(own.items.map(({ rowKey }) => rowKey)).toEqual(
    all.items.filter(({ leadPartnerId }) => leadPartnerId === idOf(nordlys)).map(({ rowKey }) => rowKey),
  );
  expect(own.items.length > 0, 'it has rows of its own').toBe(partnersSee(table));
  expect(all.items.length, 'others have rows').toBeGreaterThan(own.items.length);
});
