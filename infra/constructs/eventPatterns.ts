// Which events does each queue take? Event patterns, derived from the lifecycle table.
import {
  contextTypes,
  contextTypesByKind,
  controlOpensOn,
  controlOwns,
  handoffTypes,
  type LifecycleStage,
  lifecycle,
  type Owner,
  outageTypes,
} from '../../domain/lifecycle.ts';

/** An EventBridge event pattern, as JSON. */
export type EventPattern = { readonly [field: string]: readonly unknown[] | EventPattern };

/** The source names on the bus: translate's for facts, relay's for recorded events. */
export const intakeSource = 'throughline.intake';
export const recordedSource = 'throughline';

/** The detail-type of translate's packs of facts, whose detail names the one that owns them. */
export const packType = 'Facts';

const facts = (types: readonly string[], data?: EventPattern): EventPattern => ({
  source: [intakeSource],
  'detail-type': types,
  ...(data ? { detail: { data } } : {}),
});

const packs = (owner: Owner): EventPattern => ({
  source: [intakeSource],
  'detail-type': [packType],
  detail: { owner: [owner] },
});

const recorded = (types: readonly string[], data?: EventPattern): EventPattern => ({
  source: [recordedSource],
  'detail-type': types,
  ...(data ? { detail: { data } } : {}),
});

/**
 * The packs of facts for a stage, and the recorded events that open it. Also single facts that it owns, and handoffs that it takes:
 * so an earlier release put them, and an archive, or the queue of facts without an owner, may still hold them.
 */
export const stagePattern = ({ stage, owns, opensOn }: LifecycleStage): EventPattern => {
  const unconditional = opensOn.filter(({ when }) => when === undefined).map(({ type }) => type);
  const conditional = opensOn.flatMap(({ type, when }) =>
    when === undefined
      ? []
      : [recorded([type], Object.fromEntries(Object.entries(when).map(([field, value]) => [field, [value]])))],
  );
  return {
    $or: [
      packs(stage),
      facts(owns),
      facts(handoffTypes, { toStage: [stage] }),
      ...(unconditional.length > 0 ? [recorded(unconditional)] : []),
      ...conditional,
    ],
  };
};

/** The packs of facts for control, single facts that it owns, and the recorded events upon which it records one. */
export const controlPattern: EventPattern = { $or: [packs('control'), facts(controlOwns), recorded(controlOpensOn)] };

const stageNames = lifecycle.map(({ stage }) => stage);

/** Facts that no stage owns: of an unknown type, handoffs to a stage that does not exist, or packs for nobody that we know. */
export const unownedPattern: EventPattern = {
  source: [intakeSource],
  $or: [
    {
      'detail-type': [packType],
      detail: { owner: [{ exists: false }, { 'anything-but': ['control', ...stageNames] }] },
    },
    {
      'detail-type': [
        {
          'anything-but': [
            ...new Set([packType, ...controlOwns, ...handoffTypes, ...lifecycle.flatMap(({ owns }) => owns)]),
          ],
        },
      ],
    },
    {
      'detail-type': handoffTypes,
      detail: { data: { toStage: [{ exists: false }, { 'anything-but': stageNames }] } },
    },
  ],
};

/** Events of this type on streams of these kinds. A tenant's id holds no slash, so the kind follows the first slash. */
const recordedOn = (kinds: readonly string[], type: string): EventPattern => ({
  source: [recordedSource],
  'detail-type': [type],
  detail: { streamId: kinds.map((kind) => ({ wildcard: `*/${kind}/*` })) },
});

/** Recorded events that change the rows of engagements on other streams. */
export const contextPattern: EventPattern = {
  $or: [
    recorded([...contextTypes, ...outageTypes]),
    ...[...contextTypesByKind].map(([type, kinds]) => recordedOn(kinds, type)),
    // What is taken back may have been a silence.
    recordedOn(['source'], 'FactRetracted'),
  ],
};

/** Recorded identity links, and words on who leads an engagement: receipts that wait for one are translated again. */
export const linkPattern: EventPattern = {
  $or: [
    recorded(['IdentityLinked', 'PartnerAssigned']),
    recorded(['EngagementOpened'], { leadPartner: { system: [{ exists: true }] } }),
  ],
};

/** Commits that were changed or removed, as relay reports them from the table's stream. */
export const changedPattern: EventPattern = recorded(['CommitChanged']);

export const isPattern = (value: unknown): value is EventPattern =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The types of recorded events that a pattern takes, whatever else it asks of them. Throws where it takes recorded events but
 * does not list their types: nobody could say then which types must be sent.
 */
export const recordedTypesIn = ({ $or = [], ...common }: EventPattern): readonly string[] => {
  if (Array.isArray($or) && $or.length > 0) {
    return $or.filter(isPattern).flatMap((alternative) => recordedTypesIn({ ...common, ...alternative }));
  }
  const { source, 'detail-type': types } = common;
  if (!Array.isArray(source) || !source.includes(recordedSource)) return [];
  if (Array.isArray(types) && types.every((type) => typeof type === 'string')) return types;
  throw new Error(`a rule takes recorded events without a list of their types: ${JSON.stringify(common)}`);
};
