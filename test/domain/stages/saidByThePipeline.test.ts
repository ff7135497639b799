// Which parties does the pipeline name, and what does it record on an engagement into which another is merged?
import { describe, expect, it } from 'vitest';
import { referenceKey } from '../../../domain/context/references.ts';
import { engagementAbsorbed } from '../../../domain/stages/engagementAbsorbed.ts';
import { partiesNamed } from '../../../domain/stages/partyNamed.ts';
import { parseFact } from '../../../events/catalog.ts';
import { derivedPartyOf, eventIdOf, factIdOf, identityStreamOf, streamIdOf } from '../../../events/identifiers.ts';
import { engagementStream, fact, tenantId } from '../../support/histories/events.ts';

const at = '2026-02-01';
const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const ofParty = (id: string) => derivedPartyOf(tenantId, org(id));
const named = (...facts: Parameters<typeof partiesNamed>[0]) =>
  partiesNamed(facts).map(({ streamId, data }) => [streamId, data.party]);

describe('a party that a fact names', () => {
  const opened = fact('EngagementOpened', { customer: org('C'), leadPartner: org('P') }, { at });

  it('is named on the stream that is derived from the reference, once', () => {
    const again = fact('EngagementOpened', { customer: org('C') }, { at: '2026-03-01' });
    expect(named(opened, again)).toEqual([
      [ofParty('C'), org('C')],
      [ofParty('P'), org('P')],
    ]);
  });

  it('is named by a fact of the reference alone, which holds from always', () => {
    const [first] = partiesNamed([opened]);
    const data = { party: org('C') };
    const factId = factIdOf({
      tenantId,
      system: 'throughline',
      account: '',
      sourceId: referenceKey(org('C')),
      type: 'PartyNamed',
      discriminator: ofParty('C'),
    });
    expect(first).toMatchObject({
      factId,
      eventId: eventIdOf({ factId, data }),
      occurredAt: '2000-01-01T00:00:00.000Z',
      source: 'throughline',
      causationId: factId,
      correlationId: ofParty('C'),
      data,
    });
    expect(parseFact(first)).toEqual({ ok: true, value: first });
  });

  it('is named by engagements, offers and campaigns, and not by what stands on a stream of its own', () => {
    const offer = fact(
      'OfferPublished',
      { offerId: 'x', version: 1, ownerPartner: org('O'), components: [{ componentId: 'x', kind: 'base_licence' }] },
      { at, stream: streamIdOf(tenantId, 'offer', 'x') },
    );
    const campaign = fact(
      'CampaignLaunched',
      { campaignId: 'k', kind: 'enablement', partners: [org('Q')] },
      { at, stream: streamIdOf(tenantId, 'campaign', 'k') },
    );
    const party = fact('PartyRegistered', { party: org('R'), roles: ['msp'] }, { at, stream: ofParty('R') });
    expect(named(offer, campaign, party)).toEqual([
      [ofParty('O'), org('O')],
      [ofParty('Q'), org('Q')],
    ]);
  });

  it('is named where a link leads its reference too, if that is a party of the tenant', () => {
    const link = (to: { readonly stream: string }) =>
      fact(
        'IdentityLinked',
        { external: org('C'), to, reason: 'code:said' },
        { at, stream: identityStreamOf(tenantId, org('C')) },
      );
    expect(named(link({ stream: 'acme/party/p-1' }))).toEqual([['acme/party/p-1', org('C')]]);
    expect(named(link({ stream: 'other/party/p-1' }))).toEqual([]);
    expect(named(link({ stream: engagementStream }))).toEqual([]);
  });
});

describe('what the survivor of a merge says', () => {
  const into = streamIdOf(tenantId, 'engagement', 'e2');
  const merged = fact('EngagementMerged', { into, how: 'duplicate' }, { at, actor: 'ada' });

  it('names the other stream, when and how, and follows from the merge', () => {
    const data = { from: engagementStream, how: 'duplicate' };
    const absorbed = engagementAbsorbed(merged);
    const factId = factIdOf({
      tenantId,
      system: 'throughline',
      account: '',
      sourceId: merged.factId,
      type: 'EngagementAbsorbed',
      discriminator: into,
    });
    expect(absorbed).toMatchObject({
      factId,
      eventId: eventIdOf({ factId, data }),
      streamId: into,
      occurredAt: merged.occurredAt,
      source: 'throughline',
      sourceEventId: merged.factId,
      causationId: merged.eventId,
      correlationId: merged.correlationId,
      data,
    });
    expect(parseFact(absorbed)).toEqual({ ok: true, value: absorbed });
  });
});
