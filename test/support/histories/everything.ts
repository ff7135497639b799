// What if everything is said of one engagement that can be said? What the fixtures say, with another partner and under other ids.
import { type Fact, parseFact } from '../../../events/catalog.ts';
import type { Reference } from '../../../events/envelope.ts';
import { derivedPartyOf, parseStreamId, uuidOf } from '../../../events/identifiers.ts';
import { fixtures } from '../fixtures.ts';
import { tenantId } from './events.ts';

/** Who and what the fixtures speak of. */
const theirs = {
  tenant: 'northwind/',
  engagement: 'cd6df828-5fce-55fd-a95c-c5d6bf119ae7',
  offer: 'governed-workplace',
  campaign: 'spring-2026',
  party: 'c56fa327-4769-597f-9cb5-1b7530c4df88',
  lead: { system: 'salesforce', kind: 'Account', id: '0015g00000PaRtNAAV' },
} as const;

/** Streams of tenants and of control: what stands in them is about no engagement alone. */
const shared = ['identity', 'policy', 'source'];

/**
 * Facts of every type, about an engagement that `lead` leads, its offer, its campaign and the partner itself: rows of whatever
 * table follows of some of them. They lie between November 2025 and March 2028.
 */
export const everythingSaid = ({
  engagement,
  lead,
}: {
  readonly engagement: string;
  readonly lead: Reference;
}): readonly Fact[] =>
  [...fixtures.values()].flatMap((fixture): readonly Fact[] => {
    const { kind } = parseStreamId(String(fixture.streamId));
    if (shared.includes(kind) || fixture.type === 'StageEntered') return [];
    const text = JSON.stringify(fixture)
      .replaceAll(JSON.stringify(theirs.lead), JSON.stringify(lead))
      .replaceAll(theirs.tenant, `${tenantId}/`)
      .replaceAll(theirs.engagement, engagement)
      .replaceAll(theirs.offer, `offer-${engagement}`)
      .replaceAll(theirs.campaign, `campaign-${engagement}`)
      .replaceAll(theirs.party, parseStreamId(derivedPartyOf(tenantId, lead)).id);
    // Without the person, whose facts are held to what was said before.
    const own = { tenantId, eventId: uuidOf(String(fixture.eventId), engagement), actor: undefined };
    const parsed = parseFact({ ...JSON.parse(text), ...own });
    if (!parsed.ok) throw new Error(`not a fact: ${JSON.stringify(parsed.issues)}`);
    return [parsed.value];
  });
