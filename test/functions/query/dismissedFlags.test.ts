// Does a flag that the vendor dismissed leave the lists of open flags until that ends, and who reads what of it?
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
import { historyObserved } from '../../support/histories/observing.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { org, partyId } from '../../support/tabled.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, partner, flagId, dismissal] = ['', '', '', ''];

const asked = { rule: 'P1.1' };
const ids = async (path: string, filter: Readonly<Record<string, string>>): Promise<readonly unknown[]> =>
  itemsOf(await api.get(vendor, path, filter)).map(({ flagId: id, engagementId }) => id ?? engagementId);

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, partner] = await Promise.all([people.vendor(), people.partner(partyId('p'))]);
  api = await createApi(engine, issuer);
  api.at('2026-03-01');
  await api.record(
    historyObserved(),
    fact('EngagementOpened', { leadPartner: org('p') }, { at: '2026-01-05' }),
    fact('DealClosed', { result: 'won' }, { at: '2026-02-02' }),
  );
  await api.project();
  flagId = String((await ids('flags', asked))[0]);
  const said = {
    type: 'FlagDismissed',
    engagement: 'e1',
    data: { flagId, reason: 'doc:agreed', until: '2026-05-01T00:00:00Z' },
  };
  expect((await api.post(partner, said, 'theirs')).status).toBe(403);
  const answer = await api.post(vendor, said, 'ours');
  expect(answer.status).toBe(200);
  dismissal = String(itemsOf({ ...answer, body: { items: answer.body.events } })[0]?.eventId);
  api.at('2026-03-02');
  await api.project();
}, 60_000);
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

test('it is no open flag until then, in any list, and is found by its status', async () => {
  expect(await ids('flags', { ...asked, status: 'open' })).toEqual([]);
  expect(await ids('flags', { pattern: 'toolsInsteadOfOutcomes', status: 'open' })).toEqual([]);
  expect(await ids('engagements', { flag: 'P1.1' })).toEqual([]);
  expect(await ids('flags', { ...asked, status: 'dismissed' })).toEqual([flagId]);
  expect(await ids('flags', asked)).toEqual([flagId]);
  // As of the day before it was open.
  expect(await ids('flags', { ...asked, status: 'open', asOf: '2026-02-28' })).toEqual([flagId]);
  expect(await ids('flags', { ...asked, status: 'dismissed', asOf: '2026-03-02' })).toEqual([flagId]);
});

test('one flag shows the event that dismissed it, and the person to the vendor alone', async () => {
  const read = (await api.get(vendor, `flags/${flagId}`)).body;
  expect(read).toMatchObject({
    flag: { status: 'dismissed', dismissReason: 'doc:agreed', dismissedUntil: '2026-05-01T00:00:00.000Z' },
    dismissedBy: { eventId: dismissal, type: 'FlagDismissed' },
  });
  const [mine] = itemsOf({ ...(await api.get(vendor, 'flags', asked)) });
  expect(mine?.dismissedBy).toMatch(/./);
  const theirs = (await api.get(partner, `flags/${flagId}`)).body;
  expect(theirs).toMatchObject({ flag: { status: 'dismissed', dismissedBy: null, dismissReason: 'doc:agreed' } });
  const events = itemsOf(await api.get(vendor, 'engagements/e1/events'));
  expect(events.find(({ eventId }) => eventId === dismissal)).toMatchObject({ stands: true });
});

test('it is open again when that ends', async () => {
  api.at('2026-05-01');
  await api.project();
  expect(await ids('flags', { ...asked, status: 'open' })).toEqual([flagId]);
  expect(await ids('engagements', { flag: 'P1.1' })).toEqual(['e1']);
});
