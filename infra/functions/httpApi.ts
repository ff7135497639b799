// Which HTTP routes exist, and who may call them? Webhooks check their own signatures; every other route but the API's own documents needs a token.
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
  /** The issuer and the audience of people's tokens. */
  readonly tokens: TokenIssuer;
  readonly receive: IFunction;
  readonly record: IFunction;
  readonly query: IFunction;
}

/** The access log: caller, route, status and duration; never a token, a body or a query string. */
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

/** The API's one stage, with its log. */
function stageOf(scope: Construct, api: HttpApi): HttpStage {
  const log = new LogGroup(scope, 'AccessLog', {
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return new HttpStage(scope, 'Stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: { rateLimit: 500, burstLimit: 1000 },
    accessLogSettings: { destination: new LogGroupLogDestination(log), format: accessLog },
  });
}

interface Door {
  readonly path: string;
  readonly methods: HttpMethod[];
  /** The function that answers, and its name in the template. */
  readonly to: readonly [string, IFunction];
}

function addDoors(api: HttpApi, { tokens, receive, record, query }: PipelineApiProps): void {
  const people = new HttpJwtAuthorizer('People', tokens.issuer, {
    authorizerName: 'people',
    jwtAudience: [tokens.audience],
  });
  const open = ({ path, methods, to }: Door, authorizer: IHttpRouteAuthorizer): readonly HttpRoute[] =>
    api.addRoutes({ path, methods, integration: new HttpLambdaIntegration(...to), authorizer });
  const openToAll = (door: Door, why: string): void => {
    for (const route of open(door, new HttpNoneAuthorizer())) acknowledge(route, 'AwsSolutions-APIG4', why);
  };

  const { GET, POST, PUT, OPTIONS } = HttpMethod;
  openToAll(
    { path: '/webhooks/{source}/{connection}', methods: [POST, OPTIONS], to: ['Receive', receive] },
    'Senders of webhooks have no token. They sign the raw body, and receive checks the signature before it stores anything.',
  );
  open({ path: '/v1/facts', methods: [POST], to: ['Record', record] }, people);
  open({ path: '/v1/names', methods: [PUT], to: ['Names', record] }, people);
  const same = 'is public documentation: it is the same for all callers and holds no data of a tenant.';
  openToAll({ path: '/openapi.json', methods: [GET], to: ['Describe', query] }, `The API's own description ${same}`);
  openToAll({ path: '/docs', methods: [GET], to: ['Catalog', query] }, `The catalog's page ${same}`);
  openToAll({ path: '/', methods: [GET], to: ['Home', query] }, `The first page ${same}`);
  open({ path: '/v1/{proxy+}', methods: [GET], to: ['Query', query] }, people);
}

export class PipelineApi extends Construct {
  readonly url: string;
  /** Metrics: all requests, 4xx answers, 5xx answers, and the latency of the slowest hundredth. */
  readonly requests: Metric;
  readonly refused: Metric;
  readonly failed: Metric;
  readonly latency: Metric;

  constructor(scope: Construct, id: string, props: PipelineApiProps) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', { apiName: 'throughline', createDefaultStage: false });
    this.url = stageOf(this, api).url;
    const counted = { statistic: 'Sum', period: fiveMinutes };
    this.requests = api.metricCount(counted);
    this.refused = api.metricClientError(counted);
    this.failed = api.metricServerError(counted);
    this.latency = api.metricLatency({ statistic: 'p99', period: fiveMinutes });
    new PipelineAlarm(this, 'FailedAlarm', {
      name: 'http-failed',
      says: 'Five requests in five minutes were answered with 5xx. Senders keep their messages and send them again; people see an error.',
      metric: this.failed,
      threshold: 5,
    });
    addDoors(api, props);
  }
}
