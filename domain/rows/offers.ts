// Which offers does the channel sell, in which versions, and how repeatable is each?
import * as z from 'zod';
import { forEveryone, forParties } from '../../events/audience.ts';
import type { RecordedOf } from '../../events/catalog.ts';
import { ComponentKind, Marketplace, Route } from '../../events/fields.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import { partyIdOf } from '../context/context.ts';
import { foldOffer, standingOffer } from '../context/offer.ts';
import { nameOf } from '../context/references.ts';
import { At, CurrencyCode, Minor, PartyId, partyName } from './commonColumns.ts';
import { padded } from './row.ts';
import { byLeadPartner, type Columns, defineTable, type ReferenceSource } from './table.ts';

const component = () =>
  z.strictObject(
    forParties(['leadPartnerId'], {
      componentId: z.string().describe('The id of the component, unique in the offer.'),
      kind: ComponentKind,
      vasKind: z.string().nullable().describe('The kind of value-added service.'),
      providerId: PartyId.nullable().describe('Who provides it, as a party.'),
      listPriceMinor: Minor.describe('Its list price for a billing period, minor units.'),
      costMinor: Minor.describe('What it costs its owner for a billing period, minor units.'),
      currency: CurrencyCode.describe('The currency of both.'),
      billingPeriod: z.string().nullable().describe('The billing period, as an ISO 8601 duration.'),
      minTerm: z.string().nullable().describe('The shortest term, as an ISO 8601 duration.'),
    }),
  );

const columns = () => ({
  ...forEveryone({
    offerId: z.string().describe('The offer: the id of its stream.'),
    version: z.int().min(1).describe('The version, counting up from 1.'),
    leadPartnerId: PartyId.nullable().describe('The partner that owns the offer; null if none is named.'),
    leadPartner: partyName('That partner'),
    lastEventId: z.string().nullable().describe('The event of the publication that stands.'),
    policyVersion: z.null().describe('Always null: no policy applies to this table.'),
    publishedAt: At.describe('When the version is published; may be in the future.'),
    newest: z.boolean().describe('Whether this is the greatest published version.'),
    routes: z.array(Route).describe('The routes by which it can be sold.'),
  }),
  ...forParties(['leadPartnerId'], {
    repeatable: z.boolean().describe('Whether the version names a delivery template.'),
    templateRef: z.string().nullable().describe('A reference to the delivery template.'),
    plannedMinutes: z.int().nullable().describe('The effort that a delivery is planned to take, in minutes.'),
    marketplaces: z.array(Marketplace).describe('The marketplaces that list it.'),
    segments: z.array(z.string()).describe('The segments that it is made for.'),
    capabilities: z.array(z.string()).describe('The capabilities that a proposal may promise.'),
    outcomes: z.array(z.string()).describe('The metrics of its outcome templates.'),
    components: z.array(component()).describe('What it consists of, with list prices and costs in minor units.'),
  }),
});

type Published = RecordedOf<'OfferPublished'>;

const componentsOf = (
  { data }: Published,
  partyOf: (reference: Published['data']['ownerPartner']) => string | null,
): z.infer<ReturnType<typeof component>>[] =>
  data.components.map(({ componentId, kind, vasKind, provider, listPrice, cost, billingPeriod, minTerm }) => ({
    componentId,
    kind,
    vasKind: vasKind ?? null,
    providerId: partyOf(provider),
    listPriceMinor: listPrice?.amountMinor ?? null,
    costMinor: cost?.amountMinor ?? null,
    currency: listPrice?.currency ?? cost?.currency ?? null,
    billingPeriod: billingPeriod ?? null,
    minTerm: minTerm ?? null,
  }));

/**
 * The rows of `offers`, from an offer stream's recorded events in any order: one for each version, also for one that is
 * dated ahead. What a partner publishes is published when it was recorded, as for the engagements that are judged by it. If two
 * events publish one version, the last in fold order holds. `links` holds the parties of references
 * that an identity stream links.
 */
const offerRows = ({ events, links }: ReferenceSource) => {
  const offer = foldOffer(standingOffer(events));
  const versions = new Map(offer?.versions.map((event) => [event.data.version, event]));
  const newest = Math.max(...versions.keys());
  return [...versions.values()].map((event) => {
    const { tenantId, id } = parseStreamId(event.streamId);
    const { data } = event;
    const partyOf = (reference: typeof data.ownerPartner): string | null =>
      reference === undefined ? null : partyIdOf({ tenantId, links }, reference);
    const cells: Columns<typeof columns> = {
      offerId: id,
      version: data.version,
      leadPartnerId: partyOf(data.ownerPartner),
      leadPartner: data.ownerPartner === undefined ? null : nameOf(data.ownerPartner),
      lastEventId: event.eventId,
      policyVersion: null,
      publishedAt: event.occurredAt,
      newest: data.version === newest,
      repeatable: data.templateRef !== undefined,
      templateRef: data.templateRef ?? null,
      plannedMinutes: data.plannedMinutes ?? null,
      routes: [...data.routes],
      marketplaces: [...data.marketplaces],
      segments: [...data.segments],
      capabilities: [...data.capabilities],
      outcomes: data.outcomeTemplates.map(({ metric }) => metric),
      components: componentsOf(event, partyOf),
    };
    return { key: { offerId: id, version: padded(data.version) }, columns: cells };
  });
};

export const offers = defineTable({
  name: 'offers',
  describes: 'One published version of an offer.',
  grain: 'offer',
  key: ['offerId', 'version'],
  columns,
  indexes: [byLeadPartner],
  rows: offerRows,
});
