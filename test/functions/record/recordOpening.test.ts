// Who may open an engagement by a reference?
import { afterAll, beforeAll, expect, test } from 'vitest';
import { derivedPartyOf, parseStreamId } from '../../../events/identifiers.ts';
import { createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

test('a partner opens an engagement that it leads by a new reference, and none that others have opened', async () => {
  const api = await createApi(engine, issuer);
  const people = peopleOf(issuer);
  const lead = { system: 'crm', kind: 'account', id: '1' };
  const partner = await people.partner(parseStreamId(derivedPartyOf(tenantId, lead)).id);
  const stranger = await people.partner('somebody');
  const body = (named: string) => ({ type: 'EngagementOpened', reference: named, data: { leadPartner: lead } });
  expect(await api.post(stranger, body('R-1'), 'k1')).toMatchObject({ status: 403, body: { reason: 'notYours' } });
  expect(await api.post(partner, body('R-1'), 'k1')).toMatchObject({ status: 200 });
  const byVendor = { type: 'EngagementOpened', reference: 'R-2', data: {} };
  expect(await api.post(await people.vendor(), byVendor, 'k1')).toMatchObject({ status: 200 });
  expect(await api.post(partner, body('R-2'), 'k2')).toMatchObject({
    status: 404,
    body: { reason: 'engagementUnknown' },
  });
});
