// Which facts does each stage own, and which events open it? The table from which rules, queues, handlers and docs derive.
import { definitionOf, type EventType } from '../events/catalog.ts';
import { controlEvents } from '../events/control.ts';
import { createEvents } from '../events/create.ts';
import { deliverEvents } from '../events/deliver.ts';
import { handoffEvents } from '../events/handoff.ts';
import { parseStreamId, type StreamKind, streamKinds } from '../events/identifiers.ts';
import { mobilizeEvents } from '../events/mobilize.ts';
import { procureEvents } from '../events/procure.ts';
import { renewEvents } from '../events/renew.ts';
import { reportEvents } from '../events/report.ts';
import { sellEvents } from '../events/sell.ts';
import type { Stage } from '../events/stage.ts';

export type { StreamKind };

/** Whoever records facts: a stage, or control. */
export type Owner = Stage | 'control';

/** An event that opens a stage, where `when` names fields of its data and the value each must have. */
export interface Opener {
  readonly type: EventType;
  readonly when?: Readonly<Record<string, string>>;
}

export interface LifecycleStage {
  readonly stage: Stage;
  /** The facts that this stage alone records; handoffs belong, besides, to the stage that they name as taking. */
  readonly owns: readonly EventType[];
  /** Each of these, once recorded, gets exactly one StageEntered from this stage. */
  readonly opensOn: readonly Opener[];
}

const typesOf = <Events extends object>(events: Events): readonly (keyof Events)[] =>
  Object.keys(events).filter((type): type is Extract<keyof Events, string> => Object.hasOwn(events, type));

/** The lifecycle, in order (design, part 4: stage of an engagement, by facts). */
export const lifecycle: readonly LifecycleStage[] = [
  { stage: 'create', owns: typesOf(createEvents), opensOn: [] },
  { stage: 'mobilize', owns: typesOf(mobilizeEvents), opensOn: [] },
  { stage: 'sell', owns: typesOf(sellEvents), opensOn: [{ type: 'EngagementOpened' }] },
  { stage: 'procure', owns: typesOf(procureEvents), opensOn: [{ type: 'DealClosed', when: { result: 'won' } }] },
  {
    stage: 'deliver',
    owns: typesOf(deliverEvents),
    opensOn: [{ type: 'OrderFulfilled' }, { type: 'DeliveryStarted' }],
  },
  {
    stage: 'report',
    owns: typesOf(reportEvents),
    opensOn: [{ type: 'MilestoneReached', when: { milestone: 'go_live' } }],
  },
  { stage: 'renew', owns: typesOf(renewEvents), opensOn: [{ type: 'RenewalProposed' }] },
];

/** What control records: the pipeline's own facts. */
export const controlOwns: readonly EventType[] = typesOf(controlEvents);

/** The handoff facts: each belongs to the stage that its data names as `toStage`. */
export const handoffTypes: readonly EventType[] = typesOf(handoffEvents);

/**
 * The kinds of stream into which a stage, or control, records: those of the facts that it owns, and of a stage those of the
 * handoffs that it may take and of its StageEntered.
 */
export const streamKindsOf = (owner: Owner): readonly StreamKind[] => {
  const entry = lifecycle.find(({ stage }) => stage === owner);
  const entered: readonly EventType[] = entry === undefined || entry.opensOn.length === 0 ? [] : ['StageEntered'];
  const types = entry === undefined ? controlOwns : [...entry.owns, ...handoffTypes, ...entered];
  return streamKinds.filter((kind) => types.some((type) => definitionOf(type)?.streams.includes(kind)));
};

/** Facts about offers, parties, policy and identity: recording one may change what engagements conclude. */
export const contextTypes: readonly EventType[] = [
  'OfferPublished',
  'PartyRegistered',
  'CampaignLaunched',
  'PolicyPublished',
  'IdentityLinked',
];

/** These do so on a party's own stream alone: on an engagement's they are facts of that engagement. */
export const partyContextTypes: readonly EventType[] = ['CustomerIdentified'];

/** Whether a recorded event may change what engagements beside its own stream conclude. */
export const changesContext = ({ type, streamId }: { readonly type: EventType; readonly streamId: string }): boolean =>
  contextTypes.includes(type) || (partyContextTypes.includes(type) && parseStreamId(streamId).kind === 'party');

/** Which stage, or control, records a fact; `toStage` decides for a handoff; undefined for what no one takes from outside. */
export const ownerOf = (type: EventType, data: unknown): Owner | undefined => {
  if (controlOwns.includes(type)) return 'control';
  if (handoffTypes.includes(type)) {
    const toStage = typeof data === 'object' && data !== null && 'toStage' in data ? data.toStage : undefined;
    return lifecycle.find((entry) => entry.stage === toStage)?.stage;
  }
  return lifecycle.find((entry) => entry.owns.includes(type))?.stage;
};

/** The stages that an event of this type and data opens: none or one today. */
export const stagesOpenedBy = (event: { readonly type: EventType; readonly data: object }): readonly Stage[] =>
  lifecycle
    .filter((entry) =>
      entry.opensOn.some(
        ({ type, when = {} }) =>
          type === event.type &&
          Object.entries(when).every(([field, value]) =>
            Object.entries(event.data).some(([key, said]) => key === field && said === value),
          ),
      ),
    )
    .map((entry) => entry.stage);
