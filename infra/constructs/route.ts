// How does an event reach a queue? A rule, its pattern or schedule, and the queues' leave for that rule alone.
import type { Duration } from 'aws-cdk-lib';
import { CfnRule, type EventBus, Schedule } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EventPattern } from './eventPatterns.ts';

/** What a rule waits for: events of a bus that match, or the clock, which sends one constant. */
export type Occasion =
  | { readonly bus: EventBus; readonly pattern: EventPattern }
  | { readonly every: Duration; readonly says: object };

export interface RouteProps {
  readonly description: string;
  readonly on: Occasion;
  readonly to: Queue;
  /** Where an event ends that EventBridge could not deliver in 24 hours; absent where `to` is itself the end. */
  readonly undeliverable?: Queue;
}

const letIn = (queue: Queue, rule: CfnRule): void => {
  queue.addToResourcePolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
    }),
  );
};

export class Route extends Construct {
  /** The rule by which CloudWatch counts what it sends. */
  readonly ruleName: string;

  constructor(scope: Construct, id: string, { description, on, to, undeliverable }: RouteProps) {
    super(scope, id);
    const occasion =
      'bus' in on
        ? { eventBusName: on.bus.eventBusName, eventPattern: on.pattern }
        : { scheduleExpression: Schedule.rate(on.every).expressionString };
    const rule = new CfnRule(this, 'Rule', {
      description,
      ...occasion,
      targets: [
        {
          id: 'queue',
          arn: to.queueArn,
          ...('says' in on ? { input: JSON.stringify(on.says) } : {}),
          ...(undeliverable ? { deadLetterConfig: { arn: undeliverable.queueArn } } : {}),
        },
      ],
    });
    this.ruleName = rule.ref;
    letIn(to, rule);
    if (undeliverable) letIn(undeliverable, rule);
  }
}
