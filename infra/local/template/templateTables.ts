// Which tables, queues and buses does a template have?

import { type Properties, properties } from '../core/json.ts';
import type { IndexPlan, KeyPart, QueuePlan, TablePlan } from '../core/plan.ts';
import { refuse } from '../core/refusal.ts';

const keyOf = (from: Properties): readonly KeyPart[] =>
  from.objects('KeySchema').map((part) => ({
    name: part.text('AttributeName'),
    role: part.text('KeyType') === 'HASH' ? 'HASH' : 'RANGE',
  }));

/** A table, of either of DynamoDB's two resource types. */
export function readTable(name: string, from: Properties): TablePlan {
  const indexes = from.objects('GlobalSecondaryIndexes').map(
    (index): IndexPlan => ({
      name: index.text('IndexName'),
      key: keyOf(index),
      projection: index.raw('Projection') ?? { ProjectionType: 'ALL' },
    }),
  );
  const attributes = from
    .objects('AttributeDefinitions')
    .map((definition) => [definition.text('AttributeName'), definition.text('AttributeType')] as const);
  return {
    name,
    key: keyOf(from),
    attributes: Object.fromEntries(attributes),
    indexes,
    ...(from.has('StreamSpecification')
      ? { streamView: from.object('StreamSpecification').text('StreamViewType') }
      : {}),
  };
}

/** The last part of a queue's ARN; `where` names the resource that refers to it. */
export function queueOfArn(target: string, where: string): string {
  const [, , service, , , name] = target.split(':');
  if (service !== 'sqs' || name === undefined) {
    return refuse(`${where}: ${target} is not a queue, and the local runtime delivers to queues only.`);
  }
  return name;
}

/** A standard queue. */
export function readQueue(name: string, from: Properties): QueuePlan {
  const redrive = (): QueuePlan['redrive'] => {
    const raw = from.raw('RedrivePolicy');
    const policy = properties(typeof raw === 'string' ? JSON.parse(raw) : raw, `${from.where}: RedrivePolicy`);
    return {
      deadLetterQueue: queueOfArn(policy.text('deadLetterTargetArn'), policy.where),
      maxReceiveCount: policy.number('maxReceiveCount'),
    };
  };
  const policy = from.has('RedrivePolicy') ? redrive() : undefined;
  return {
    name,
    visibilityTimeoutSeconds: from.number('VisibilityTimeout', 30),
    delaySeconds: from.number('DelaySeconds', 0),
    ...(policy ? { redrive: policy } : {}),
  };
}
