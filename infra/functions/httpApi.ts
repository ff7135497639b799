// Which doors does HTTP open, and to whom? Webhooks check their own signatures; everything but the API's description needs a token.
import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  type HttpRoute,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';
import { fiveMinutes, PipelineAlarm } from '../constructs/pipelineAlarm.ts';
import type { TokenIssuer } from '../foundation/settings.ts';

export interface PipelineApiProps {
  /** Whose tokens open the doors of people. */
  readonly tokens: TokenIssuer;
  readonly receive: IFunction;
  readonly record: IFunction;
  readonly query: IFunction;
}

/** Who called what, how it ended and how long it took; never a token, a body or a query string. */
const accessLog = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTime',
    ip: '$context.identity.sourceIp',
    route: '$context.routeKey',
    path: '$context.path',
    status: '$context.status',
    authorizerError: '$context.authorizer.error',
    integrationError: '$context.integrationErrorMessage',
    bytes: '$context.responseLength',
    milliseconds: '$context.responseLatency',
  }),
);

export class PipelineApi extends Construct {
  readonly url: string;
  /** What came in, what of it was the caller's fault, what was ours, and how long the slowest hundredth took. */
  readonly requests: Metric;
  readonly refused: Metric;
  readonly failed: Metric;
  readonly latency: Metric;

  constructor(scope: Construct, id: string, props: PipelineApiProps) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', { apiName: 'throughline', createDefaultStage: false });
    const log = new LogGroup(this, 'AccessLog', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 500, burstLimit: 1000 },
      accessLogSettings: { destination: new LogGroupLogDestination(log), format: accessLog },
    });
    this.url = stage.url;
    const counted = { statistic: 'Sum', period: fiveMinutes };
    this.requests = api.metricCount(counted);
    this.refused = api.metricClientError(counted);
    this.failed = api.metricServerError(counted);
    this.latency = api.metricLatency({ statistic: 'p99', period: fiveMinutes });
    new PipelineAlarm(this, 'FailedAlarm', {
      name: 'http-failed',
      says: 'Five requests in five minutes were answered with 5xx: senders keep their messages and send again, people see an error.',
      metric: this.failed,
      threshold: 5,
    });

    const people = new HttpJwtAuthorizer('People', props.tokens.issuer, {
      authorizerName: 'people',
      jwtAudience: [props.tokens.audience],
    });
    const route = (
      path: string,
      methods: readonly HttpMethod[],
      to: { readonly name: string; readonly handler: IFunction; readonly authorizer: IHttpRouteAuthorizer },
    ): readonly HttpRoute[] => {
      return api.addRoutes({
        path,
        methods: [...methods],
        integration: new HttpLambdaIntegration(to.name, to.handler),
        authorizer: to.authorizer,
      });
    };
    const webhooks = route('/webhooks/{source}/{connection}', [HttpMethod.POST, HttpMethod.OPTIONS], {
      name: 'Receive',
      handler: props.receive,
      authorizer: new HttpNoneAuthorizer(),
    });
    for (const webhook of webhooks) {
      acknowledge(
        webhook,
        'AwsSolutions-APIG4',
        'Senders of webhooks bring no token but a signature of the raw body, which receive checks before it keeps anything.',
      );
    }
    route('/v1/facts', [HttpMethod.POST], { name: 'Record', handler: props.record, authorizer: people });
    const description = route('/openapi.json', [HttpMethod.GET], {
      name: 'Describe',
      handler: props.query,
      authorizer: new HttpNoneAuthorizer(),
    });
    for (const each of description) {
      acknowledge(
        each,
        'AwsSolutions-APIG4',
        "The API's own description is public documentation: the same for all, and it holds nobody's data.",
      );
    }
    route('/v1/{proxy+}', [HttpMethod.GET], { name: 'Query', handler: props.query, authorizer: people });
  }
}
