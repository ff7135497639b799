// Who hears of an alarm? Everybody who subscribes to one topic: an address of the context, or whom its owner adds.
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
  /** The address that is asked to confirm; nobody hears where there is none. */
  readonly email: string | undefined;
}

export class Notifications extends Construct {
  readonly topic: Topic;
  /** Who hears, as a sentence. */
  readonly heardBy: string;

  constructor(scope: Construct, id: string, { alarms, email }: NotificationsProps) {
    super(scope, id);
    // A key of one's own: alarms may not use the one that AWS keeps for topics.
    const key = new Key(this, 'Key', {
      description: 'Encrypts what alarms say.',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
    // Without a condition on the account: that alarms bring it to the key is not clearly documented, and a wrong one would silence them.
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
        'Word of an alarm that could not be delivered would go the same way. SNS tries mail for hours, and the dashboard shows every alarm.',
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
