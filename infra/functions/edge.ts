// What stands before the HTTP API where the context asks for it? CloudFront with a web ACL, because an HTTP API takes none itself.
import { Aws, CfnRule, Fn } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';
import type { OriginSecret } from '../constructs/originSecret.ts';

export interface EdgeProps {
  /** The host of the HTTP API. */
  readonly host: string;
  readonly secret: OriginSecret;
  /** The ARN of a web ACL; undefined: one is made, in the stack's region, which must then be us-east-1. */
  readonly webAcl: string | undefined;
}

/** The header that the functions check; `functions/http/origin.ts` reads it. */
export const originHeader = 'x-origin-verify';

/** Requests of one address in five minutes. Billing systems send from few addresses, and a busy one stays far below. */
const requestsOfOneAddress = 20_000;

/**
 * Rules that are only counted. Bodies are facts: they are kept as they are and never run, and may well be over 8 KB, hold addresses
 * of the web, or text of people. Some senders name no user agent.
 */
const onlyCounted = [
  'SizeRestrictions_BODY',
  'CrossSiteScripting_BODY',
  'EC2MetaDataSSRF_BODY',
  'GenericLFI_BODY',
  'GenericRFI_BODY',
  'NoUserAgent_HEADER',
];

const counted = (metricName: string) => ({
  cloudWatchMetricsEnabled: true,
  metricName,
  sampledRequestsEnabled: false,
});

function webAclIn(scope: Construct): string {
  new CfnRule(scope, 'Region', {
    assertions: [
      {
        assert: Fn.conditionEquals(Aws.REGION, 'us-east-1'),
        assertDescription:
          'A web ACL for CloudFront lies in us-east-1. Deploy there, or make the web ACL there and name it: -c webAcl=ARN.',
      },
    ],
  });
  return new CfnWebACL(scope, 'WebAcl', {
    scope: 'CLOUDFRONT',
    description: 'Bounds the requests of one address, and refuses known attacks',
    defaultAction: { allow: {} },
    visibilityConfig: counted('throughline'),
    rules: [
      {
        name: 'rate',
        priority: 0,
        statement: {
          rateBasedStatement: { aggregateKeyType: 'IP', limit: requestsOfOneAddress, evaluationWindowSec: 300 },
        },
        action: { block: { customResponse: { responseCode: 429 } } },
        visibilityConfig: counted('throughline-rate'),
      },
      {
        name: 'common',
        priority: 1,
        statement: {
          managedRuleGroupStatement: {
            vendorName: 'AWS',
            name: 'AWSManagedRulesCommonRuleSet',
            ruleActionOverrides: onlyCounted.map((name) => ({ name, actionToUse: { count: {} } })),
          },
        },
        overrideAction: { none: {} },
        visibilityConfig: counted('throughline-common'),
      },
    ],
  }).attrArn;
}

export class Edge extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { host, secret, webAcl }: EdgeProps) {
    super(scope, id);
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'throughline',
      webAclId: webAcl ?? webAclIn(this),
      defaultBehavior: {
        origin: new HttpOrigin(host, {
          customHeaders: { [originHeader]: secret.value },
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          originSslProtocols: [OriginSslPolicy.TLS_V1_2],
        }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        // Answers are of one caller, and messages are signed over every byte: nothing is cached or changed.
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        compress: false,
      },
    });
    this.url = `https://${distribution.distributionDomainName}/`;
    const reasons = {
      'AwsSolutions-CFR1': 'Senders and people may be in any country. The web ACL bounds what one address can send.',
      'AwsSolutions-CFR3':
        'The access log of the HTTP API has every request that passes, and the web ACL counts what it refuses.',
      'AwsSolutions-CFR4':
        'The distribution has the name and the certificate of CloudFront. A domain of your own takes TLS 1.2 or newer.',
    };
    for (const [rule, reason] of Object.entries(reasons)) acknowledge(distribution, rule, reason);
  }
}
