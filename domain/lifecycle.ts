// Which facts does each stage own, and for which events does it record StageEntered?
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

/** The owner of a fact, which records it: a stage, or control. */
export type Owner = Stage | 'control';

/** An event that opens a stage. `when` names fields of its data, and the value that each must have. */
export interface Opener {
  readonly type: EventType;
  readonly when?: Readonly<Record<string, string>>;
}

export interface LifecycleStage {
  readonly stage: Stage;
  /**
   * The facts that this stage alone records. The facts of a handoff also belong to the stage that they name as
   * `toStage`.
   */
  readonly owns: readonly EventType[];
  /** Each of these events opens the stage: an engagement enters it, and the stage records exactly one StageEntered. */
  readonly opensOn: readonly Opener[];
}

const typesOf = <Events extends object>(events: Events): readonly (keyof Events)[] =>
  Object.keys(events).filter((type): type is Extract<keyof Events, string> => Object.hasOwn(events, type));

/**
 * The lifecycle, in order. Rules of the bus, queues, handlers, documents and the journey of an engagement derive from it.
 */
export const lifecycle: readonly LifecycleStage[] = [
  { stage: 'create', owns: typesOf(createEvents), opensOn: [] },
  { stage: 'mobilize', owns: typesOf(mobilizeEvents), opensOn: [] },
  { stage: 'sell', owns: typesOf(sellEvents), opensOn: [{ type: 'EngagementOpened' }] },
  { stage: 'procure', owns: typesOf(procureEvents), opensOn: [{ type: 'DealClosed', when: { result: 'won' } }] },
  {
    stage: 'deliver',
    owns: typesOf(deliverEvents),
    // A live subscription is a deal that was made, whether or not anybody said that its order is fulfilled.
    opensOn: [{ type: 'OrderFulfilled' }, { type: 'DeliveryStarted' }, { type: 'SubscriptionStarted' }],
  },
  {
    stage: 'report',
    owns: typesOf(reportEvents),
    opensOn: [{ type: 'MilestoneReached', when: { milestone: 'go_live' } }],
  },
  { stage: 'renew', owns: typesOf(renewEvents), opensOn: [{ type: 'RenewalProposed' }] },
];

/** The facts that control records: the pipeline's own. */
export const controlOwns: readonly EventType[] = typesOf(controlEvents);

/** The recorded events upon which control records a fact of another stream: a merge, what the survivor absorbed. */
export const controlOpensOn: readonly EventType[] = ['EngagementMerged'];

/** The handoff facts: each belongs to the stage that its data names as `toStage`. */
export const handoffTypes: readonly EventType[] = typesOf(handoffEvents);

/**
 * The kinds of stream that an owner writes to: those of the facts that it owns. A stage also writes facts of handoffs,
 * StageEntered if events open it, and the names of the parties that its facts name.
 */
export const streamKindsOf = (owner: Owner): readonly StreamKind[] => {
  const entry = lifecycle.find(({ stage }) => stage === owner);
  const entered: readonly EventType[] = entry === undefined || entry.opensOn.length === 0 ? [] : ['StageEntered'];
  const types = entry === undefined ? controlOwns : [...entry.owns, ...handoffTypes, ...entered];
  return streamKinds.filter(
    (kind) => types.some((type) => definitionOf(type)?.streams.includes(kind)) || kind === 'party',
  );
};

/** Facts about offers, parties, campaigns, policies and identities: a new one may change the rows of engagements. */
export const contextTypes: readonly EventType[] = [
  'OfferPublished',
  'OfferRetired',
  'PartyRegistered',
  'PartyRolesChanged',
  'CampaignLaunched',
  'PolicyPublished',
  'IdentityLinked',
];

/** Types that do so only on streams of these kinds. On an engagement's stream they concern that engagement alone. */
export const contextTypesByKind: ReadonlyMap<EventType, readonly StreamKind[]> = new Map([
  ['CustomerIdentified', ['party']],
  // What is taken back may have been any fact of the context.
  ['FactRetracted', ['offer', 'campaign', 'party', 'identity', 'policy']],
]);

/** Facts about connections: each changes only the rows of engagements for which something fell due while a connection was silent. */
export const outageTypes: readonly EventType[] = ['SourceWentQuiet', 'SourceRecovered'];

/** Whether a recorded event may change rows of engagements that are not on its own stream. */
export const changesContext = ({ type, streamId }: { readonly type: EventType; readonly streamId: string }): boolean =>
  contextTypes.includes(type) || contextTypesByKind.get(type)?.includes(parseStreamId(streamId).kind) === true;

/** The owner that records a fact; of a handoff's fact it is `toStage`. Undefined for a type that no sender may say. */
export const ownerOf = (type: EventType, data: unknown): Owner | undefined => {
  if (controlOwns.includes(type)) return 'control';
  if (handoffTypes.includes(type)) {
    const toStage = typeof data === 'object' && data !== null && 'toStage' in data ? data.toStage : undefined;
    return lifecycle.find((entry) => entry.stage === toStage)?.stage;
  }
  return lifecycle.find((entry) => entry.owns.includes(type))?.stage;
};

const openers: ReadonlyMap<EventType, readonly (Opener & Pick<LifecycleStage, 'stage'>)[]> = Map.groupBy(
  lifecycle.flatMap(({ stage, opensOn }) => opensOn.map((opener) => ({ ...opener, stage }))),
  ({ type }) => type,
);

/** The types of which an event may open a stage. */
export const openingTypes: readonly EventType[] = [...openers.keys()];

/** The stages that an event of this type and data opens: none or one today. */
export const stagesOpenedBy = ({ type, data }: { readonly type: EventType; readonly data: object }): readonly Stage[] =>
  (openers.get(type) ?? [])
    .filter(({ when = {} }) =>
      Object.entries(when).every(([field, value]) =>
        Object.entries(data).some(([key, said]) => key === field && said === value),
      ),
    )
    .map(({ stage }) => stage);
