// How does work wait for a function? In a queue that gives a message again until it is done, or it ends among the dead letters.
import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetters } from './deadLetters.ts';
import { minute, PipelineAlarm } from './pipelineAlarm.ts';

/** Lambda's own advice: less, and a message comes again while its first delivery is still being worked on. */
const visibilityPerTimeout = 6;
const deliveries = 5;

export interface WorkQueueProps {
  /** The function that takes from it. */
  readonly consumer: string;
  readonly timeout: Duration;
  /** How old its oldest message may become before somebody is called; a quarter of an hour unless given. */
  readonly lateAfter?: Duration;
}

export class WorkQueue extends Construct {
  readonly consumer: string;
  readonly queue: Queue;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { consumer, timeout, lateAfter = Duration.minutes(15) }: WorkQueueProps) {
    super(scope, id);
    this.consumer = consumer;
    this.deadLetters = new DeadLetters(this, 'DeadLetters', {
      name: `${consumer}-dead-letters`,
      says: `Messages that ${consumer} could not take in five deliveries. \`npm run redrive -- --list\` tells of the oldest, its log of each.`,
      behindQueue: true,
    });
    this.queue = new Queue(this, 'Queue', {
      visibilityTimeout: Duration.seconds(visibilityPerTimeout * timeout.toSeconds()),
      retentionPeriod: Duration.days(4),
      enforceSSL: true,
      deadLetterQueue: { queue: this.deadLetters.queue, maxReceiveCount: deliveries },
    });
    new PipelineAlarm(this, 'LateAlarm', {
      name: `${consumer}-late`,
      says: `The oldest message that waits for ${consumer} is over ${lateAfter.toMinutes()} minutes old: more comes than it takes, or it keeps failing.`,
      metric: this.queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: minute }),
      threshold: lateAfter.toSeconds(),
      periods: 3,
    });
  }
}
