// Who sends and who receives what? As the lifecycle table wires it: each stage takes the facts that it owns and the events that open it.
import { contextTypes, controlOwns, handoffTypes, lifecycle, partyContextTypes } from '../../domain/lifecycle.ts';
import { type EventType, eventTypes } from '../../events/catalog.ts';
import { systemTypes } from '../../events/sources/cloudevents/cloudEventSchema.ts';
import type { JsonObject } from './jsonSchema.ts';

interface Operation {
  readonly action: 'send' | 'receive';
  readonly channel: 'intake' | 'recorded' | 'cloudevents';
  readonly summary: string;
  readonly types: readonly EventType[];
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
        types: [...owns, ...handoffTypes],
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
              summary: `${stage} says StageEntered once for each of: ${opensOn.map(({ type, when }) => `${type}${whenOf(when)}`).join(', ')}.`,
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
        summary: 'receive keeps a message whose signature holds, before it is understood.',
        types: systemTypes,
      },
    ],
    [
      'sendFacts',
      {
        action: 'send',
        channel: 'intake',
        summary: 'translate says what messages mean, once their subject is known.',
        types: eventTypes.filter((type) => type !== 'StageEntered'),
      },
    ],
    ...ofStages(),
    [
      'controlTakesFacts',
      {
        action: 'receive',
        channel: 'intake',
        summary: "control records the pipeline's own facts.",
        types: controlOwns,
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
        summary: 'translate reads again what waited for this id.',
        types: ['IdentityLinked'],
      },
    ],
    [
      'contextFollows',
      {
        action: 'receive',
        channel: 'recorded',
        summary: 'sweep brings the rows up to date that a change of their context concerns.',
        types: [...contextTypes, ...partyContextTypes],
      },
    ],
  ];
  return Object.fromEntries(operations.map(([name, operation]) => [name, told(operation)]));
};
