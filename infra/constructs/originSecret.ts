// By what do the functions know that a request came through CloudFront, and not around it and its WAF? By a header that only the two know.
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export class OriginSecret extends Construct {
  /** A dynamic reference: the template never holds the value. */
  readonly value: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const secret = new Secret(this, 'Secret', {
      description: 'The header by which the functions know what came through CloudFront',
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
    });
    acknowledge(
      secret,
      'AwsSolutions-SMG4',
      'Rotation would have to change CloudFront and the functions at one moment. infra/OPERATING.md says how it is replaced.',
    );
    // Both places resolve it while they are deployed.
    this.value = secret.secretValue.unsafeUnwrap();
  }
}
