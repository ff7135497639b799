// Which campaigns activate partners, for which offers, with whom, and paid by whom?
import * as z from 'zod';
import { forEveryone, forParties } from '../../events/audience.ts';
import type { Reference } from '../../events/envelope.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import { foldCampaign } from '../context/campaign.ts';
import { partyIdOf } from '../context/context.ts';
import { nameOf } from '../context/references.ts';
import { inFoldOrder, standing } from '../history.ts';
import { At, CurrencyCode, Minor, PartyId, partyName } from './commonColumns.ts';
import { byLeadPartner, type Columns, defineTable, type MadeRow, type ReferenceSource } from './table.ts';

const columns = () => ({
  ...forEveryone({
    campaignId: z.string().describe('The campaign: the id of its stream.'),
    leadPartnerId: PartyId.nullable().describe(
      'The partner that takes part in it; null if there are several, or none.',
    ),
    leadPartner: partyName('That partner'),
    lastEventId: z.string().nullable().describe('The last event, in order of occurrence, that the row depends on.'),
    policyVersion: z.null().describe('Always null: no policy applies to this table.'),
    kind: z.enum(['joint_marketing', 'enablement', 'sales_play']).describe('What the campaign is.'),
    launchedAt: At.describe('When it was launched; may be in the future.'),
    start: z.string().nullable().describe('Its first day, YYYY-MM-DD.'),
    end: z.string().nullable().describe('Its last day, YYYY-MM-DD.'),
    offerIds: z.array(z.string()).describe('The offers that it is for.'),
    closedAt: At.nullable().describe('When it was closed; null while nobody closed it.'),
    closeReason: z.string().nullable().describe('Why it was closed: a code, or a reference to the text.'),
  }),
  ...forParties(['leadPartnerId'], {
    partnerIds: z.array(PartyId).describe('The partners that take part in it.'),
    budgetMinor: Minor.describe('Its budget, minor units.'),
    vendorFundedMinor: Minor.describe("The vendor's part of the budget, minor units."),
    currency: CurrencyCode.describe('The currency of the budget.'),
    assets: z.array(z.string()).describe('The kinds of asset that it gives partners.'),
    enablements: z.int().describe('How many enablements persons of partners completed.'),
    enabledPartnerIds: z.array(PartyId).describe('The partners whose persons completed any.'),
    enabledIn: z.array(z.string()).describe('What these enablements were about, as codes.'),
  }),
});

/**
 * The row of `campaigns`, from a campaign stream's recorded events in any order; none if no launch stands. `links`
 * holds the parties of references that an identity stream links.
 */
const campaignRows = ({
  events,
  links,
}: ReferenceSource): readonly MadeRow<'campaignId', Columns<typeof columns>>[] => {
  const campaign = foldCampaign(standing({ events }));
  if (campaign === undefined) return [];
  const { launched, enablements, closed } = campaign;
  const { tenantId, id } = parseStreamId(launched.streamId);
  const { kind, start, end, offerIds, partners, budget, vendorFunded, assets } = launched.data;
  const idsOf = (references: readonly Reference[]): string[] => [
    ...new Set(references.map((partner) => partyIdOf({ tenantId, links }, partner))),
  ];
  const partnerIds = idsOf(partners);
  const [only] = partnerIds;
  const [named] = partners;
  const isOne = partnerIds.length === 1;
  const cells: Columns<typeof columns> = {
    campaignId: id,
    leadPartnerId: isOne && only !== undefined ? only : null,
    leadPartner: isOne && named !== undefined ? nameOf(named) : null,
    lastEventId:
      [launched, ...enablements, ...(closed === undefined ? [] : [closed])].sort(inFoldOrder).at(-1)?.eventId ?? null,
    policyVersion: null,
    kind,
    launchedAt: launched.occurredAt,
    start: start ?? null,
    end: end ?? null,
    offerIds: [...offerIds],
    closedAt: closed?.occurredAt ?? null,
    closeReason: closed?.data.reason ?? null,
    partnerIds,
    budgetMinor: budget?.amountMinor ?? null,
    vendorFundedMinor: vendorFunded?.amountMinor ?? null,
    currency: budget?.currency ?? vendorFunded?.currency ?? null,
    assets: [...new Set(assets.map((asset) => asset.kind))].sort(),
    enablements: enablements.length,
    enabledPartnerIds: idsOf(enablements.map(({ data }) => data.partner)).sort(),
    enabledIn: [...new Set(enablements.map(({ data }) => data.subject))].sort(),
  };
  return [{ key: { campaignId: id }, columns: cells }];
};

export const campaigns = defineTable({
  name: 'campaigns',
  describes: 'One campaign that activates partners for offers.',
  grain: 'campaign',
  key: ['campaignId'],
  columns,
  indexes: [byLeadPartner],
  rows: campaignRows,
});
