// How does work wait for a function? In a queue, which delivers a message up to five times and then moves it to the dead letters.
import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetters } from './deadLetters.ts';
import { minute, PipelineAlarm } from './pipelineAlarm.ts';

/** Lambda's own advice: with less, SQS would deliver a message again while the function still works on it. */
const visibilityPerTimeout = 6;
export const deliveries = 5;

export interface WorkQueueProps {
  /** The function that reads the queue. */
  readonly consumer: string;
  readonly timeout: Duration;
  /** The age of the oldest message at which the alarm goes on; a quarter of an hour unless given. */
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
      says: `Messages that failed in ${consumer} five times. \`npm run redrive -- --list\` says why the oldest failed; the function's log says it of each.`,
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
      says: `The oldest message that waits for ${consumer} is over ${lateAfter.toMinutes()} minutes old: more messages come than it takes, or it fails again and again.`,
      metric: this.queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: minute }),
      threshold: lateAfter.toSeconds(),
      periods: 3,
    });
  }
}
