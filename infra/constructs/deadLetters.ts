// Where does a message go after its last failed delivery? To a dead-letter queue, which keeps it for 14 days and raises an alarm on the first one.
import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { minute, PipelineAlarm } from './pipelineAlarm.ts';

export interface DeadLettersProps {
  /** The alarm's name, without the stack's. */
  readonly name: string;
  /** What a message in this queue means. */
  readonly says: string;
  /** Messages come here from a queue, by that queue's own redrive policy. */
  readonly behindQueue?: boolean;
}

export class DeadLetters extends Construct {
  readonly name: string;
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { name, says, behindQueue = false }: DeadLettersProps) {
    super(scope, id);
    this.name = name;
    this.queue = new Queue(this, 'Queue', { retentionPeriod: Duration.days(14), enforceSSL: true });
    new PipelineAlarm(this, 'Alarm', {
      name,
      says,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: minute }),
      threshold: 1,
    });
    const reason = 'It is itself a dead-letter queue: no function reads it, and its alarm calls a person.';
    // The rule recognises a dead-letter queue only by a queue that redrives to it; it doesn't see other senders.
    if (!behindQueue) acknowledge(this.queue, 'AwsSolutions-SQS3', reason);
    acknowledge(this.queue, 'Serverless-SQSRedrivePolicy', reason);
  }
}
