// Where does a message end that nobody could take? A queue that keeps it for 14 days and raises an alarm on the first one.
import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { minute, PipelineAlarm } from './pipelineAlarm.ts';

export interface DeadLettersProps {
  /** The alarm's name behind the stack's. */
  readonly name: string;
  /** What it means that something lies there. */
  readonly says: string;
  /** What ends here comes from a queue, by that queue's own redrive. */
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
    const reason = 'It is itself where messages end: no function takes from it, and its alarm calls a person.';
    // The rule knows dead letters by the queue that sends its own to them; other senders it doesn't see.
    if (!behindQueue) acknowledge(this.queue, 'AwsSolutions-SQS3', reason);
    acknowledge(this.queue, 'Serverless-SQSRedrivePolicy', reason);
  }
}
