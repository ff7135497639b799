// What does a source say for connecting: its accounts, its secrets, its partner buses and its default types?
import { describe, expect, it } from 'vitest';
import { catalog, type EventType, eventTypes } from '../../../events/catalog.ts';
import { sourceOf, sources } from '../../../events/sources/catalog.ts';
import { cloudevents } from '../../../events/sources/cloudevents.ts';
import { crmTypes, defaultTypesOf } from '../../../events/sources/defaultTypes.ts';
import { salesforceId } from '../../../events/sources/externalIds.ts';
import { salesforce } from '../../../events/sources/salesforce.ts';
import { stripe } from '../../../events/sources/stripe.ts';
import { org } from './reading.ts';

const webhooks = sources.flatMap(({ name, delivery }) => (delivery.way === 'webhook' ? [{ name, delivery }] : []));
const buses = sources.flatMap((source) =>
  source.delivery.way === 'partnerBus' ? [{ source, delivery: source.delivery }] : [],
);

describe('an account', () => {
  it.each(['00DHp00000TqkAB', org, org.toLowerCase(), org.toUpperCase()])(
    'of Salesforce is an org in 18 characters: %s',
    (text) => expect(salesforce.accountOf(text)).toEqual({ ok: true, account: org }),
  );

  it.each([undefined, '', '00D', 'acct_1', '0061t00000AbCdE', `${org}1`])(
    'of Salesforce is refused, with the expected form: %s',
    (text) =>
      expect(salesforce.accountOf(text)).toEqual({ ok: false, expected: expect.stringMatching(/^00D….* 15 or 18/) }),
  );

  it('of another source may be any text, and may be left out', () => {
    for (const { accountOf } of [stripe, cloudevents]) {
      expect(accountOf('Acct_1')).toEqual({ ok: true, account: 'Acct_1' });
      expect(accountOf(undefined)).toEqual({ ok: true, account: undefined });
    }
  });

  it('of 15 characters is completed to 18', () => {
    expect(salesforceId('00D000000000000')).toBe('00D000000000000EAA');
    expect(salesforceId('0061t00000AbCdE')).toBe('0061t00000AbCdEAAV');
  });
});

describe('a secret', () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, index) => index);

  it('holds all 32 bytes that it is made of', () => {
    expect(stripe.delivery.secretOf?.(bytes)).toBe(`whsec_${Buffer.from(bytes).toString('hex')}`);
    expect(cloudevents.delivery.secretOf?.(bytes)).toBe(`whsec_${Buffer.from(bytes).toString('base64')}`);
  });

  it.each(webhooks)('of $name is made of the bytes alone', ({ delivery: { secretOf } }) => {
    if (secretOf === undefined) return;
    expect(secretOf(bytes)).toBe(secretOf(Uint8Array.from(bytes)));
    for (let index = 0; index < bytes.length; index += 1) {
      const other = Uint8Array.from(bytes, (byte, place) => (place === index ? byte ^ 1 : byte));
      expect(secretOf(other)).not.toBe(secretOf(bytes));
    }
  });
});

it.each(buses)('the account is found by the partner source that $source.name names', ({ source, delivery }) => {
  const named = source.accountOf(org);
  const account = named.ok ? (named.account ?? '') : '';
  expect(account).not.toBe('');
  expect(delivery.partnerSourceOf(account)).toMatch(/^aws\.partner\//);
  expect(delivery.accountOfBus(delivery.partnerSourceOf(account))).toBe(account);
});

describe('what a connection may say by default', () => {
  const says: readonly EventType[] = [...eventTypes];

  it('opens and closes deals only if its source is a CRM', () => {
    expect(crmTypes).toEqual([
      ...['EngagementOpened', 'PartnerAssigned', 'DealClosed'],
      ...['DealReopened', 'EngagementWithdrawn', 'EngagementReinstated', 'EngagementClosed'],
    ]);
    expect(defaultTypesOf({ says, isCrm: true })).toEqual(expect.arrayContaining([...crmTypes]));
    for (const type of crmTypes) expect(defaultTypesOf({ says, isCrm: false })).not.toContain(type);
    for (const { isCrm, defaultTypes } of sources)
      expect(crmTypes.some((type) => defaultTypes.includes(type))).toBe(isCrm);
    expect([salesforce, stripe, cloudevents].filter(({ isCrm }) => isCrm)).toEqual([salesforce]);
  });

  it('holds nothing that an adapter or the pipeline concludes, or that takes facts back', () => {
    for (const isCrm of [true, false])
      for (const type of [
        'IdentityLinked',
        'ReconciliationRequested',
        'FactRetracted',
        'EngagementMerged',
        'PolicyPublished',
        'StageEntered',
      ] as const)
        expect(defaultTypesOf({ says, isCrm })).not.toContain(type);
  });

  it.each(sources)('holds for $name only what systems may say', ({ defaultTypes }) => {
    expect(defaultTypes).not.toEqual([]);
    expect(defaultTypes.filter((type) => !catalog[type].saidBy.includes('system'))).toEqual([]);
  });

  it.each([
    [salesforce, 13],
    [stripe, 9],
    [cloudevents, eventTypes.filter((type) => catalog[type].saidBy.includes('system')).length - 12],
  ])('is so many types for $name', ({ defaultTypes }, count) => expect(defaultTypes).toHaveLength(count));
});

it('each source is found by its own name', () => {
  for (const source of sources) expect(sourceOf(source.name)).toBe(source);
  expect(sourceOf('fax')).toBeUndefined();
});
