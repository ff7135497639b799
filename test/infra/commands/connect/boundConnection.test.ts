// How is a connection bound to a partner by `npm run connect`, and for whom are tokens made? Whole processes, on a running instance.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neverForPartners } from '../../../../events/sources/defaultTypes.ts';
import { connectionRequest } from '../../../../infra/local/connectionRequest.ts';
import { properties } from '../../../../infra/local/core/json.ts';
import { connecting } from '../../../support/connect/connecting.ts';
import { runScript } from '../../../support/operated.ts';

const { connect, told, listed, fileOf, start, stop, dataDir } = connecting();
const run = (script: string, ...args: readonly string[]) =>
  runScript(`commands/${script}.ts`, [...args, '--data', dataDir]);
const party = (id: string) => JSON.stringify({ system: 'reference', kind: 'partner', id });

let partyId = '';
beforeAll(async () => {
  await start();
  for (const id of ['NORDLYS', 'FJORDTEK']) {
    const { code, err, out } = await run(
      'record',
      'PartyRegistered',
      '--tenant',
      'acme',
      `party=${party(id)}`,
      'roles=["msp"]',
    );
    expect([code, err]).toEqual([0, expect.any(String)]);
    if (id === 'NORDLYS') partyId = /acme\/party\/([0-9a-f-]{36})/.exec(out)?.[1] ?? '';
  }
}, 60_000);
afterAll(stop);

const unknown = (id: string) => `Tenant acme has no party "${id}"`;

describe('a connection', () => {
  it('is bound to a partner by its code, shown in the list, bound to another, and to none', async () => {
    const made = await told('cloudevents', '--tenant', 'acme', '--account', 'portal', '--partner', 'NORDLYS');
    const id = made.text('connection');
    const [first] = await listed('--tenant', 'acme');
    expect(first?.text('partner')).toBe(partyId);
    expect(first?.texts('allowedTypes')).toContain('OutcomeAgreed');
    expect(first?.texts('allowedTypes')).not.toContain('UsageMeasured');

    const other = await told('--connection', id, '--partner', 'reference/partner/FJORDTEK');
    expect([other.flag('changed'), other.text('partner') === partyId]).toEqual([true, false]);
    expect((await told('--connection', id, '--partner', 'FJORDTEK')).flag('changed')).toBe(false);
    expect((await told('--connection', id, '--no-partner')).has('partner')).toBe(false);
    const [last] = await listed('--tenant', 'acme');
    expect(last?.has('partner')).toBe(false);
    expect(last?.texts('allowedTypes')).toContain('UsageMeasured');
    expect((await told('--connection', id, '--partner', partyId, '--allow', 'UsageMeasured')).text('partner')).toBe(
      partyId,
    );
    expect((await listed('--tenant', 'acme'))[0]?.texts('allowedTypes')).toContain('UsageMeasured');
  }, 60_000);

  it('is not bound to a party that nobody has named, and nothing is made', async () => {
    const before = (await listed('--tenant', 'acme')).length;
    for (const named of ['NOBODY', 'fc5dd2ab-0000-4000-8000-000000000000', 'x#'.repeat(1500)]) {
      const { code, err } = await connect(['cloudevents', '--tenant', 'acme', '--account', 'new', '--partner', named]);
      expect([code, err]).toEqual([1, expect.stringContaining(unknown(named.slice(0, 80)))]);
      expect(err).toContain('npm run export -- parties --tenant acme');
    }
    // A party of another tenant is none of this one's.
    const { err } = await connect(['cloudevents', '--tenant', 'other', '--partner', 'NORDLYS']);
    expect(err).toContain('Tenant other has no party "NORDLYS"');
    expect(await listed('--tenant', 'acme')).toHaveLength(before);
  }, 60_000);

  it('of a partner shares no account with others', async () => {
    await told('cloudevents', '--tenant', 'acme', '--account', 'shared');
    const args = ['cloudevents', '--tenant', 'acme', '--account', 'shared', '--partner', 'NORDLYS'];
    const { code, err } = await connect(args);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/shared is connected already: connection c-\w+ is bound to no partner/),
    ]);
    const own = (await told('cloudevents', '--tenant', 'acme', '--account', 'own', '--partner', 'NORDLYS')).text(
      'connection',
    );
    const twin = await connect(['cloudevents', '--tenant', 'acme', '--account', 'own']);
    expect(twin.err).toMatch(/own is connected already: connection c-\w+ is bound to partner/);
    await told('cloudevents', '--tenant', 'acme', '--account', 'own', '--partner', 'NORDLYS');
    const moved = await connect(['--connection', own, '--no-partner']);
    expect(moved.err).toContain('is connected already');
  }, 60_000);

  it.each(neverForPartners)('of a partner is never allowed %s', (type) => {
    const asked = { source: 'cloudevents', tenant: 'acme', partner: partyId, allow: type };
    const reason = `--allow ${type}: a connection that is bound to a partner may never say that`;
    expect(() => connectionRequest(properties(asked, 'connect'))).toThrow(reason);
  });

  it('is tried with its partner: what that partner may not say would wait', async () => {
    const event = (type: string) =>
      JSON.stringify({
        specversion: '1.0',
        id: type,
        source: '/s',
        type: `throughline.${type}`,
        subject: 'engagement/R',
        data: { outcomeId: 'o' },
      });
    const file = fileOf('messages.ndjson', `${event('OutcomeAgreed')}\n${event('EngagementWithdrawn')}\n`);
    const { code, out } = await connect(['--check', file, 'cloudevents', '--partner', partyId]);
    expect(code).toBe(1);
    expect(out).toContain('would wait: notAllowed: the connection may not say EngagementWithdrawn');
    expect(out).toContain(`The connection is bound to partner ${partyId}`);
  }, 30_000);
});

describe('a token of a partner', () => {
  const token = (partner: string) => run('token', '--role', 'partner', '--tenant', 'acme', '--partner', partner);

  it.each(['NORDLYS', 'reference/partner/NORDLYS'])(
    'is made for a party that is known as %s',
    async (named) => {
      const { code, out } = await token(named);
      expect([code, out.trim().split('.')]).toEqual([0, expect.objectContaining({ length: 3 })]);
    },
    30_000,
  );

  it.each(['NOBODY', 'system/kind/x', 'nordlys'])(
    'is not made for %s, which nobody has named',
    async (named) => {
      const { code, out, err } = await token(named);
      expect([code, out, err]).toEqual([1, '', expect.stringContaining(unknown(named))]);
    },
    30_000,
  );

  it('is not made for a person who records as an unknown partner either', async () => {
    const args = [
      'OutcomeAgreed',
      '--reference',
      'R',
      '--tenant',
      'acme',
      '--role',
      'partner',
      '--partner',
      'NOBODY',
      'outcomeId=o',
    ];
    const { code, err } = await run('record', ...args);
    expect([code, err]).toEqual([1, expect.stringContaining(unknown('NOBODY'))]);
  }, 30_000);
});
