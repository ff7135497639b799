// Which types of fact may a connection say if nobody lists them?
import { catalog, type EventType, eventTypes } from '../catalog.ts';
import { controlEvents } from '../control.ts';
import { stageEvents } from '../stage.ts';

/** The types that open deals, say who leads them, close them and take them back: by default only a CRM may say them. */
export const crmTypes: readonly EventType[] = [
  'EngagementOpened',
  'PartnerAssigned',
  'DealClosed',
  'DealReopened',
  'EngagementWithdrawn',
  'EngagementReinstated',
  'EngagementClosed',
];

/** The types that an adapter or the pipeline itself concludes, or that take facts back: a sender may say one only if it is listed. */
const concluded: readonly string[] = Object.keys({ ...controlEvents, ...stageEvents });

/** The types that a source's connections may say by default. */
export const defaultTypesOf = ({
  says,
  isCrm,
}: {
  readonly says: readonly EventType[];
  readonly isCrm: boolean;
}): readonly EventType[] => says.filter((type) => !concluded.includes(type) && (isCrm || !crmTypes.includes(type)));

/** The types that a connection that speaks for a partner may never say: they would decide what that partner leads, and is. */
export const neverForPartners: readonly EventType[] = eventTypes.filter(
  (type) =>
    concluded.includes(type) ||
    ['PartnerAssigned', 'PartyRegistered', 'PartyRolesChanged', 'PartyNamed'].includes(type),
);

/**
 * The types that a connection may say that is bound to a partner: of its source's default types those that a partner may say, and
 * what somebody lists for it, save what no partner may decide.
 */
export const typesForPartner = (defaults: readonly EventType[], listed: readonly string[]): readonly EventType[] =>
  eventTypes.filter(
    (type) =>
      !neverForPartners.includes(type) &&
      (listed.includes(type) || (defaults.includes(type) && catalog[type].saidBy.includes('partner'))),
  );
