// How does work wait for a function? In a queue that gives a message again until it is done, or it ends among the dead letters.
import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetters } from './deadLetters.ts';

/** Lambda's own advice: less, and a message comes again while its first delivery is still being worked on. */
const visibilityPerTimeout = 6;
const deliveries = 5;

export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, props: { readonly consumer: string; readonly timeout: Duration }) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters', {
      alarmDescription: `Messages that ${props.consumer} could not take. Why is in the failures table, by event id.`,
    });
    this.queue = new Queue(this, 'Queue', {
      visibilityTimeout: Duration.seconds(visibilityPerTimeout * props.timeout.toSeconds()),
      retentionPeriod: Duration.days(4),
      enforceSSL: true,
      deadLetterQueue: { queue: this.deadLetters.queue, maxReceiveCount: deliveries },
    });
  }
}
