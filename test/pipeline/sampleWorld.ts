// What do the sample's messages come to, without any of the machinery? Translated, placed by their links, folded and judged.
import * as z from 'zod';
import type { Context } from '../../domain/context/context.ts';
import { foldOffer, type Offer } from '../../domain/context/offer.ts';
import { foldParty, type Party } from '../../domain/context/party.ts';
import { defaultPolicy } from '../../domain/context/policy.ts';
import { historyOf, standing } from '../../domain/history.ts';
import type { RuledVerdict } from '../../domain/patterns/evaluate.ts';
import { engagementViewOf } from '../../domain/rows/engagementRows.ts';
import { offerUses } from '../../domain/rows/offerUses.ts';
import { partnerFlags } from '../../domain/rows/partnerFlags.ts';
import type { Row } from '../../domain/rows/row.ts';
import { type Fact, parseRecorded, type RecordedEvent } from '../../events/catalog.ts';
import { derivedEngagementOf, derivedPartyOf, type ExternalId, parseStreamId } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { sourceOf } from '../../events/sources/catalog.ts';
import type { Message } from '../../events/sources/delivery.ts';
import type { Connection, Subject } from '../../events/sources/source.ts';
import { draftOf } from '../../functions/intake/factDraft.ts';
import { claimsOf } from '../../functions/intake/referenceClaim.ts';
import type { Receipt } from '../../functions/receipts/receipt.ts';
import type { EpisodeAt } from '../../infra/sample/episode.ts';
import { tenantId } from '../../infra/sample/participants.ts';
import { policyOfHistory } from '../../infra/sample/publishPolicy.ts';
import { org } from '../../infra/sample/salesforceRecords.ts';
import type { SampleChannel } from '../../infra/sample/sampleChannel.ts';
import { type SampleMessage, type SystemName, systemNames } from '../../infra/sample/sampleMessage.ts';
import { requestOf } from '../../infra/sample/systems.ts';
import { rollUp } from '../support/rolledUp.ts';

/** The sample as streams of recorded events. */
export interface SampleWorld {
  readonly streams: ReadonlyMap<string, readonly RecordedEvent[]>;
  readonly facts: number;
  /** What no adapter takes, or refuses: there should be none. */
  readonly unsaid: readonly string[];
  /** Subjects that no link leads anywhere: there should be none. */
  readonly unmatched: readonly string[];
}

const keyOf = ({ system, kind, id }: ExternalId): string => `${system}|${kind}|${id}`;

/** The connection that a system of the sample would be given. */
export const connectionFor = (name: SystemName): Connection => {
  const { source, account = '', currency, mapping } = requestOf(name);
  return {
    connection: `c-${name}`,
    source: source.name,
    tenantId,
    account,
    allowedTypes: source.defaultTypes,
    mapping: source.mapping.parse(mapping),
    ...(currency === undefined ? {} : { currency }),
  };
};

/** The text that the pipeline would keep of a message. */
export const messageFor = (message: SampleMessage, receivedAt: string): Message => {
  const body =
    message.system === 'crm'
      ? {
          id: message.id,
          'detail-type': message.detailType,
          source: `aws.partner/salesforce.com/${org}/throughline`,
          detail: message.detail,
        }
      : message.body;
  return { body: JSON.stringify(body), headers: {}, receivedAt };
};

const receiptFor = ({ connection, source }: Connection, message: Message): Receipt => ({
  partition: `${tenantId}#${connection}`,
  id: 'received',
  status: 'pending',
  source,
  connectionId: connection,
  tenantId,
  waitsUnder: [],
  message,
});

/** Where a subject leads by the links; undefined where it leads nowhere. */
const streamOf = (subject: Subject, links: ReadonlyMap<string, ExternalId>): string | undefined => {
  if ('stream' in subject) return subject.stream;
  if ('party' in subject) return derivedPartyOf(tenantId, subject.party);
  let at = 'primary' in subject ? subject.primary : subject.secondary;
  let known = 'primary' in subject;
  for (let next = links.get(keyOf(at)); next !== undefined; next = links.get(keyOf(at))) {
    at = next;
    known = true;
  }
  return known ? derivedEngagementOf(tenantId, at) : undefined;
};

/** Everything that the deliveries say, received at one instant. */
export const worldOf = ({ deliveries }: SampleChannel, receivedAt: string): SampleWorld => {
  const unsaid: string[] = [];
  const links = new Map<string, ExternalId>();
  const drafts: { readonly fact: Fact; readonly subject: Subject }[] = [];
  const connections = new Map(systemNames.map((name) => [name, connectionFor(name)]));
  for (const delivery of deliveries) {
    const connection = connections.get(delivery.system) ?? connectionFor(delivery.system);
    const message = messageFor(delivery, receivedAt);
    const translation = sourceOf(connection.source)?.translate(message, connection);
    if (translation?.outcome !== 'facts') {
      unsaid.push(`${delivery.system} ${JSON.stringify(translation)} ${message.body}`);
      continue;
    }
    for (const { reference, primary, renews } of claimsOf(translation.facts)) {
      if (renews) links.set(keyOf(primary), reference);
      else links.set(keyOf(reference), primary);
    }
    for (const said of translation.facts) {
      if (said.derived !== true && !connection.allowedTypes.includes(said.type)) unsaid.push(`notAllowed ${said.type}`);
      const receipt = receiptFor(connection, message);
      const drafted = draftOf(said, receipt, connection);
      if (!drafted.ok) {
        unsaid.push(`${drafted.reason} ${JSON.stringify(drafted.issues)}`);
        continue;
      }
      const { fact } = drafted.draft;
      if (fact.type === 'IdentityLinked' && 'external' in fact.data.to)
        links.set(keyOf(fact.data.external), fact.data.to.external);
      drafts.push({ fact, subject: said.subject });
    }
  }
  return { unsaid, ...placed(drafts, { links, receivedAt }) };
};

const placed = (
  drafts: readonly { readonly fact: Fact; readonly subject: Subject }[],
  { links, receivedAt }: { readonly links: ReadonlyMap<string, ExternalId>; readonly receivedAt: string },
): Omit<SampleWorld, 'unsaid'> => {
  const streams = new Map<string, Map<string, RecordedEvent>>();
  const unmatched = new Set<string>();
  let facts = 0;
  for (const { fact, subject } of drafts) {
    const streamId = streamOf(subject, links);
    if (streamId === undefined) {
      unmatched.add(JSON.stringify(subject));
      continue;
    }
    const events = streams.get(streamId) ?? new Map<string, RecordedEvent>();
    streams.set(streamId, events);
    if (events.has(fact.eventId)) continue;
    const version = events.size + 1;
    const recorded = parseRecorded({ ...fact, streamId, version, recordedAt: receivedAt });
    if (!recorded.ok) throw new Error(JSON.stringify(recorded.issues));
    events.set(fact.eventId, recorded.value);
    facts += 1;
  }
  const all = new Map([...streams].map(([id, events]) => [id, [...events.values()]]));
  return { streams: all, facts, unmatched: [...unmatched] };
};

/** The policy that the sample publishes: its history is observed, though all of it is recorded on its last day. */
const policyAt = (now: string): Context['policy'] => {
  const { policyVersion: version, effectiveFrom: _effectiveFrom, ...said } = policyOfHistory(now.slice(0, 10));
  return { ...defaultPolicy, ...said, version };
};

/** What every engagement depends on beside its own stream. */
export const contextOf = ({ streams }: Pick<SampleWorld, 'streams'>, now: string): Context => {
  const offers = new Map<string, Offer>();
  const parties = new Map<string, Party>();
  for (const [streamId, events] of streams) {
    const { kind, id } = parseStreamId(streamId);
    const stand = standing(historyOf(events), { occurredUntil: now });
    const offer = kind === 'offer' ? foldOffer(stand) : undefined;
    if (offer !== undefined) offers.set(id, offer);
    if (kind === 'party') parties.set(id, foldParty(stand));
  }
  return { tenantId, policy: policyAt(now), offers, parties, links: new Map(), turns: [] };
};

export interface Judged {
  readonly engagementId: string;
  readonly stage: string | undefined;
  readonly ended: string | undefined;
  readonly cycle: number;
  readonly verdicts: readonly RuledVerdict[];
  /** What the rules on partners look at. */
  readonly uses: readonly Row[];
}

/** The episodes of all flags, of engagements and of partners. */
export const episodesOf = (judged: readonly Judged[], now: Instant): readonly EpisodeAt[] => [
  ...judged.flatMap(({ engagementId, verdicts }) =>
    verdicts.flatMap((verdict) =>
      verdict.state === 'raised'
        ? [{ rule: verdict.rule, engagementId, raisedAt: verdict.raisedAt, clearedAt: verdict.cleared?.at }]
        : [],
    ),
  ),
  ...rollUp(new Map(judged.map(({ engagementId, uses }) => [engagementId, uses])), now).rows.flatMap((row) =>
    row.table === partnerFlags.name ? [episodeIn(row)] : [],
  ),
];

const PartnerEpisode = z.object({
  rule: z.string(),
  partnerId: z.string(),
  raisedAt: z.string(),
  clearedAt: z.string().nullable(),
});

const episodeIn = ({ columns }: Row): EpisodeAt => {
  const { clearedAt, ...rest } = PartnerEpisode.parse(columns);
  return { ...rest, engagementId: '', clearedAt: clearedAt ?? undefined };
};

/** Every engagement as it is judged at an instant. */
export const judgedAt = (
  world: Pick<SampleWorld, 'streams'>,
  now: Instant,
  context: Context = contextOf(world, now),
): readonly Judged[] => {
  return [...world.streams].flatMap(([streamId, events]) => {
    const { kind, id } = parseStreamId(streamId);
    if (kind !== 'engagement') return [];
    const { rowContext } = engagementViewOf({ events, context, now });
    const { visits, cycles, ending } = rowContext.engagement.journey;
    return [
      {
        engagementId: id,
        stage: visits.at(-1)?.stage,
        ended: ending?.reason,
        cycle: cycles.length,
        verdicts: rowContext.verdicts,
        uses: offerUses.rows(rowContext),
      },
    ];
  });
};
