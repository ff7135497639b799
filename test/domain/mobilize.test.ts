// Does Mobilize accept parties and campaigns, and a person's campaign only if it is funded within its budget?
import { describe, it } from 'vitest';
import { derivedPartyOf, streamIdOf } from '../../events/identifiers.ts';
import { given } from '../support/histories/decisions.ts';
import { fact, recorded, tenantId } from '../support/histories/events.ts';

const stream = streamIdOf(tenantId, 'campaign', 'spring');
const campaign = (money: object) => ({ campaignId: 'spring', kind: 'sales_play' as const, ...money });
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const actor = 'ada';
const at = '2026-01-05';

describe('a campaign', () => {
  it('may be funded by the vendor up to its budget', () => {
    for (const money of [{}, { budget: eur(100) }, { budget: eur(100), vendorFunded: eur(100) }]) {
      given()
        .when(fact('CampaignLaunched', campaign(money), { at, stream, actor }))
        .accepted();
    }
  });

  it('is refused if it is funded above its budget, without a budget, or in another currency', () => {
    given()
      .when(fact('CampaignLaunched', campaign({ budget: eur(100), vendorFunded: eur(101) }), { at, stream, actor }))
      .refused('fundingAboveBudget', /101 exceeds the budget 100/);
    given()
      .when(fact('CampaignLaunched', campaign({ vendorFunded: eur(1) }), { at, stream, actor }))
      .refused('fundingWithoutBudget');
    given()
      .when(
        fact('CampaignLaunched', campaign({ budget: eur(100), vendorFunded: { amountMinor: 1, currency: 'NOK' } }), {
          at,
          stream,
          actor,
        }),
      )
      .refused('fundingInOtherCurrency', /NOK, the budget in EUR/);
  });

  it('is closed once', () => {
    const launched = recorded('CampaignLaunched', campaign({}), { at, stream });
    const close = fact(
      'CampaignClosed',
      { campaignId: 'spring', reason: 'planned' },
      { at: '2026-05-01', stream, actor },
    );
    given(launched).when(close).accepted();
    const closed = recorded('CampaignClosed', { campaignId: 'spring', reason: 'other' }, { at: '2026-04-01', stream });
    given(launched, closed)
      .when(close)
      .refused('campaignAlreadyClosed', new RegExp(`${closed.eventId} already closed campaign spring`));
  });

  it('is accepted from a system in any case', () => {
    given()
      .when(fact('CampaignLaunched', campaign({ vendorFunded: eur(1) }), { at, stream }))
      .accepted();
  });
});

describe('a party', () => {
  const party = { system: 'salesforce', kind: 'Account', id: '001' };
  const ofParty = derivedPartyOf(tenantId, party);
  const registered = recorded('PartyRegistered', { party, roles: ['msp'] }, { at, stream: ofParty, actor });

  it('is registered, and adds nothing if it is said twice', () => {
    const again = fact('PartyRegistered', { party, roles: ['msp'] }, { at, stream: ofParty, actor });
    given().when(again).accepted();
    given(registered).when(again).unchanged(registered);
  });

  it('gets other roles once it is registered', () => {
    const change = fact('PartyRolesChanged', { party, roles: ['si'] }, { at, stream: ofParty, actor });
    const before = recorded('PartyRolesChanged', { party, roles: ['distributor'] }, { at, stream: ofParty });
    given(registered, before).when(change).accepted();
    given(before)
      .when(change)
      .refused('partyNotRegistered', /record PartyRegistered/);
  });

  it('is refused in an engagement', () => {
    given()
      .when(fact('PartyRegistered', { party, roles: ['msp'] }, { at, actor }))
      .refused('wrongStream');
  });
});
