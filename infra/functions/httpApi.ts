// Which HTTP routes exist, and who may call them? Webhooks check their own signatures; every other route but the API's own documents needs a token.
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnRoute,
  CfnStage,
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
  /** Requests a second of all webhooks together; undefined: 400. */
  readonly webhookRate: number | undefined;
}

/**
 * People's routes and webhooks are throttled apart, so that a flood of messages leaves people their answers. API Gateway answers 429
 * above that, and asks nothing for it.
 */
const peopleRate = 500;
const usualWebhookRate = 400;

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
    throttle: { rateLimit: peopleRate, burstLimit: 2 * peopleRate },
    accessLogSettings: { destination: new LogGroupLogDestination(log), format: accessLog },
  });
}

/** Gives routes a throttle of their own. A stage can name only routes that exist, so it comes after them. */
function throttle(stage: HttpStage, routes: readonly HttpRoute[], rate: number): void {
  const resource = stage.node.defaultChild;
  if (!(resource instanceof CfnStage)) throw new Error('the stage has no resource of its own');
  const settings = { ThrottlingRateLimit: rate, ThrottlingBurstLimit: 2 * rate };
  resource.routeSettings = Object.fromEntries(routes.map((route) => [keyOf(route), settings]));
  for (const route of routes) stage.node.addDependency(route);
}

const keyOf = (route: HttpRoute): string => {
  const resource = route.node.defaultChild;
  if (!(resource instanceof CfnRoute)) throw new Error('the route has no resource of its own');
  return resource.routeKey;
};

interface Door {
  readonly path: string;
  readonly methods: HttpMethod[];
  /** The function that answers, and its name in the template. */
  readonly to: readonly [string, IFunction];
}

/** Adds all routes; returns those of webhooks. */
function addDoors(api: HttpApi, { tokens, receive, record, query }: PipelineApiProps): readonly HttpRoute[] {
  const people = new HttpJwtAuthorizer('People', tokens.issuer, {
    authorizerName: 'people',
    jwtAudience: [tokens.audience],
  });
  const open = ({ path, methods, to }: Door, authorizer: IHttpRouteAuthorizer): readonly HttpRoute[] =>
    api.addRoutes({ path, methods, integration: new HttpLambdaIntegration(...to), authorizer });
  const openToAll = (door: Door, why: string): readonly HttpRoute[] => {
    const routes = open(door, new HttpNoneAuthorizer());
    for (const route of routes) acknowledge(route, 'AwsSolutions-APIG4', why);
    return routes;
  };

  const { GET, POST, PUT, DELETE, OPTIONS } = HttpMethod;
  const webhooks = openToAll(
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
  open({ path: '/v1/what-if', methods: [POST], to: ['WhatIf', query] }, people);
  open({ path: '/v1/runs/{run}', methods: [DELETE], to: ['CancelRun', query] }, people);
  return webhooks;
}

export class PipelineApi extends Construct {
  readonly url: string;
  /** The name of its host. */
  readonly host: string;
  /** Metrics: all requests, 4xx answers, 5xx answers, and the latency of the slowest hundredth. */
  readonly requests: Metric;
  readonly refused: Metric;
  readonly failed: Metric;
  readonly latency: Metric;

  constructor(scope: Construct, id: string, props: PipelineApiProps) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', { apiName: 'throughline', createDefaultStage: false });
    const stage = stageOf(this, api);
    this.url = stage.url;
    const { region, urlSuffix } = Stack.of(this);
    this.host = `${api.apiId}.execute-api.${region}.${urlSuffix}`;
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
    throttle(stage, addDoors(api, props), props.webhookRate ?? usualWebhookRate);
  }
}
