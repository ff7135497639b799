// Whose holidays count: those of the partner that led then, by the calendar that it is registered with?
import { expect, it } from 'vitest';
import { foldParty } from '../../../domain/context/party.ts';
import { defaultPolicy } from '../../../domain/context/policy.ts';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { holidaysAt } from '../../../domain/patterns/leadCalendar.ts';
import { parseStreamId } from '../../../events/identifiers.ts';
import { contextOf } from '../../support/contexts.ts';
import { assigned, opened, partnerRegistered } from '../../support/histories/engagementFacts.ts';
import { instant, recorded } from '../../support/histories/events.ts';

const holidays = ['2026-05-17'];
const policy = { ...defaultPolicy, calendars: { no: { holidays } } };
const at = instant('2026-03-01');
const contextWith = (registered: ReturnType<typeof partnerRegistered>) => {
  const party = foldParty([registered]);
  return contextOf({
    policy,
    ...(party !== undefined && { parties: new Map([[parseStreamId(registered.streamId).id, party]]) }),
  });
};

it('finds the holidays of the lead partner’s calendar, while it leads', () => {
  const engagement = foldEngagement([opened('2026-02-01'), assigned('2026-04-01', null)]);
  const context = contextWith(partnerRegistered('no'));
  expect(holidaysAt(engagement, context, at)).toEqual(holidays);
  expect(holidaysAt(engagement, context, instant('2026-01-31T23:59'))).toEqual([]);
  expect(holidaysAt(engagement, context, instant('2026-04-01'))).toEqual([]);
});

it('finds none of a partner that is not registered, named only, without a calendar, or with one that the policy lacks', () => {
  const engagement = foldEngagement([opened('2026-02-01')]);
  const registered = partnerRegistered('no');
  const party = { system: 'salesforce', kind: 'account', id: '001000000000001AAA' };
  const [named, plain] = [
    recorded('PartyNamed', { party }, { at: '2020-01-01', stream: registered.streamId }),
    recorded('PartyRegistered', { party, roles: ['msp'] }, { at: '2020-01-01', stream: registered.streamId }),
  ];
  expect(holidaysAt(engagement, contextOf({ policy }), at)).toEqual([]);
  for (const event of [named, plain, partnerRegistered('se')])
    expect(holidaysAt(engagement, contextWith(event), at)).toEqual([]);
});
