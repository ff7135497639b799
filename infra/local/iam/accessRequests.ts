// What does IAM check for a call? One request for each resource that the call touches, with AWS's condition keys.

import { dynamoParts } from '../aws/dynamoAccess.ts';
import { busNameOf } from '../bus/bus.ts';
import { arn } from '../core/awsNames.ts';
import type { ServiceCall } from '../core/callInterceptor.ts';
import { isObject } from '../core/json.ts';
import type { TablePlan } from '../core/plan.ts';
import type { AccessRequest } from './decide.ts';
import { leadingKeys } from './leadingKeys.ts';

const textsOf = (value: unknown): readonly string[] => (typeof value === 'string' ? [value] : []);

/** For PutEvents, each entry is one request, with its source and type. */
function eventRequests({ input }: ServiceCall): readonly AccessRequest[] {
  const entries = Array.isArray(input.Entries) ? input.Entries.filter(isObject) : [];
  return entries.map(({ EventBusName: bus, Source, DetailType }) => ({
    action: 'events:PutEvents',
    resource: arn.bus(busNameOf(typeof bus === 'string' ? bus : 'default')),
    context: { 'events:source': textsOf(Source), 'events:detail-type': textsOf(DetailType) },
  }));
}

function tableRequests({ operation, input }: ServiceCall, tables: readonly TablePlan[]): readonly AccessRequest[] {
  return dynamoParts(operation, input).map((part) => ({
    ...part.need,
    context: { 'dynamodb:leadingkeys': leadingKeys(part, tables) },
  }));
}

/** The requests of a call; IAM must allow all of them. */
export function accessRequests(call: ServiceCall, tables: readonly TablePlan[]): readonly AccessRequest[] {
  switch (call.service) {
    case 'dynamodb':
      return tableRequests(call, tables);
    case 'events':
      return eventRequests(call);
    case 'sqs':
    case 'ssm':
      return call.needs.map((need) => ({ ...need, context: {} }));
    default:
      return call.service satisfies never;
  }
}
