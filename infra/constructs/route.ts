// How does an event reach a queue? By a rule with a pattern or a schedule, and a queue policy that allows this rule only.
import type { Duration } from 'aws-cdk-lib';
import { CfnRule, type EventBus, Schedule } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EventPattern } from './eventPatterns.ts';

/** What starts a rule: a matching event on a bus, or a schedule, which sends one constant. */
export type Occasion =
  | { readonly bus: EventBus; readonly pattern: EventPattern }
  | { readonly every: Duration; readonly says: object };

export interface RouteProps {
  readonly description: string;
  readonly on: Occasion;
  readonly to: Queue;
  /** The dead-letter queue for events that EventBridge could not deliver in 24 hours; absent where `to` is itself one. */
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
  /** The rule's name, by which CloudWatch counts what the rule sends. */
  readonly ruleName: string;
  /** What starts it. */
  readonly on: Occasion;

  constructor(scope: Construct, id: string, { description, on, to, undeliverable }: RouteProps) {
    super(scope, id);
    this.on = on;
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
