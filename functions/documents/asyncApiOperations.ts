// Which function sends or receives which messages, by the lifecycle table?
import {
  contextTypes,
  contextTypesByKind,
  controlOpensOn,
  controlOwns,
  handoffTypes,
  lifecycle,
  outageTypes,
} from '../../domain/lifecycle.ts';
import { type EventType, eventTypes } from '../../events/catalog.ts';
import { systemTypes } from '../../events/sources/cloudevents/cloudEventSchema.ts';
import { packType } from '../aws/eventBridge.ts';
import type { JsonObject } from './jsonSchema.ts';

interface Operation {
  readonly action: 'send' | 'receive';
  readonly channel: 'intake' | 'recorded' | 'cloudevents';
  readonly summary: string;
  readonly types: readonly (EventType | typeof packType)[];
}

const told = ({ action, channel, summary, types }: Operation): JsonObject => ({
  action,
  channel: { $ref: `#/channels/${channel}` },
  summary,
  messages: types.map((type) => ({ $ref: `#/channels/${channel}/messages/${type}` })),
});

const whenOf = (when: Readonly<Record<string, string>> | undefined): string =>
  when === undefined
    ? ''
    : ` (${Object.entries(when)
        .map(([field, value]) => `${field} ${value}`)
        .join(', ')})`;

const ofStages = (): readonly (readonly [string, Operation])[] =>
  lifecycle.flatMap(({ stage, owns, opensOn }) => [
    [
      `${stage}TakesFacts`,
      {
        action: 'receive',
        channel: 'intake',
        summary: `${stage} records the facts that it owns, and handoffs whose toStage is ${stage}.`,
        types: [packType, ...owns, ...handoffTypes],
      },
    ] as const,
    ...(opensOn.length === 0
      ? []
      : [
          [
            `${stage}Opens`,
            {
              action: 'receive',
              channel: 'recorded',
              summary: `${stage} records StageEntered once for each of: ${opensOn.map(({ type, when }) => `${type}${whenOf(when)}`).join(', ')}.`,
              types: opensOn.map(({ type }) => type),
            },
          ] as const,
        ]),
  ]);

/** Every operation, by its name. */
export const asyncApiOperations = (): JsonObject => {
  const operations: readonly (readonly [string, Operation])[] = [
    [
      'takeCloudEvents',
      {
        action: 'receive',
        channel: 'cloudevents',
        summary: 'receive stores a message with a valid signature before its content is read.',
        types: systemTypes,
      },
    ],
    [
      'sendFacts',
      {
        action: 'send',
        channel: 'intake',
        summary: 'translate puts the facts that messages mean, once it knows their streams.',
        types: [packType],
      },
    ],
    ...ofStages(),
    [
      'controlTakesFacts',
      {
        action: 'receive',
        channel: 'intake',
        summary: "control records the pipeline's own facts.",
        types: [packType, ...controlOwns],
      },
    ],
    [
      'controlOpens',
      {
        action: 'receive',
        channel: 'recorded',
        summary: 'control records EngagementAbsorbed on the stream of the survivor.',
        types: controlOpensOn,
      },
    ],
    [
      'sendRecorded',
      {
        action: 'send',
        channel: 'recorded',
        summary: 'relay sends every recorded event, at least once.',
        types: eventTypes,
      },
    ],
    [
      'linksWake',
      {
        action: 'receive',
        channel: 'recorded',
        summary: 'translate tries the receipts again that waited for this id.',
        types: ['IdentityLinked'],
      },
    ],
    [
      'contextFollows',
      {
        action: 'receive',
        channel: 'recorded',
        summary:
          'sweep has the rows projected again whose context has changed, or that fell due while a connection was silent.',
        types: [...contextTypes, ...contextTypesByKind.keys(), ...outageTypes],
      },
    ],
  ];
  return Object.fromEntries(operations.map(([name, operation]) => [name, told(operation)]));
};
