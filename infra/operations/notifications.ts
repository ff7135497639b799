// Who receives an alarm? Every subscriber of one topic: the mail address of the context, and those whom the operator adds.
import { Annotations, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';

export interface NotificationsProps {
  readonly alarms: readonly Alarm[];
  /** The mail address, which must confirm first; absent: nobody receives alarms. */
  readonly email: string | undefined;
}

export class Notifications extends Construct {
  readonly topic: Topic;
  /** A sentence that says who receives alarms. */
  readonly heardBy: string;

  constructor(scope: Construct, id: string, { alarms, email }: NotificationsProps) {
    super(scope, id);
    // The stack's own key, because alarms may not use the key that AWS has for topics.
    const key = new Key(this, 'Key', {
      description: 'Encrypts what alarms say.',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
    // No condition on the account: AWS doesn't document whether alarms send it to the key, and a wrong condition would block all alarms.
    key.grant(cloudWatch, 'kms:Decrypt', 'kms:GenerateDataKey*');
    this.topic = new Topic(this, 'Topic', { displayName: 'Throughline', masterKey: key, enforceSSL: true });
    this.topic.grantPublish(
      cloudWatch.withConditions({ StringEquals: { 'aws:SourceAccount': Stack.of(this).account } }),
    );
    if (email === undefined) {
      this.heardBy =
        'Nobody hears of alarms yet: subscribe to the topic, or deploy with `-c alarmEmail=ops@example.com`.';
      Annotations.of(this).addInfo(this.heardBy);
    } else {
      this.heardBy = `${email} hears of alarms, once it has confirmed what SNS sent it.`;
      const subscription = new Subscription(this, 'Email', {
        topic: this.topic,
        protocol: SubscriptionProtocol.EMAIL,
        endpoint: email,
      });
      acknowledge(
        subscription,
        'Serverless-SNSRedrivePolicy',
        'A message about an undelivered alarm would use the same topic. SNS retries mail for hours, and the dashboard shows every alarm.',
      );
    }
    const action = new SnsAction(this.topic);
    for (const alarm of alarms) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
    new CfnOutput(Stack.of(this), 'AlarmTopic', { value: this.topic.topicArn, description: this.heardBy });
  }
}
