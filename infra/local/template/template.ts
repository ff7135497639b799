// Which resources does a synthesized template need? They are read into a plan; the template is refused if one can't run locally.

import { isObject, type Properties, properties } from '../core/json.ts';
import type { FunctionPlan, Plan, QueueMappingPlan, StreamMappingPlan } from '../core/plan.ts';
import { Refusal } from '../core/refusal.ts';
import { runTypes, whyWithoutEffect } from './resourceCatalog.ts';
import { checkApi, checkStage, readAuthorizer, readIntegration, readRoute } from './templateApi.ts';
import { readFunction, readMapping } from './templateFunctions.ts';
import type { Resource } from './templateNames.ts';
import { resolvedTemplate, type TemplateOptions } from './templateResolver.ts';
import { readRule } from './templateRules.ts';
import { readQueue, readTable } from './templateTables.ts';

export interface ReadTemplateOptions extends TemplateOptions {
  /** The folder that the template and its assets lie in. */
  readonly assembly: string;
}

/** The refusals for a resource, by name. */
function refusalsOf({ id, type, properties: given }: Resource, conditional: boolean): readonly string[] {
  const known = runTypes[type];
  if (known === undefined) return [`${id}: resource type ${type} is not run locally.`];
  const refused = Object.keys(given).filter((name) => ![...known.obeyed, ...known.withoutEffect].includes(name));
  return [
    ...refused.map((name) => `${id}: property ${name} of ${type} would change how it behaves; it is not run locally.`),
    ...(conditional ? [`${id}: Condition on ${type} is not run locally.`] : []),
  ];
}

const isConditional = (template: unknown, id: string): boolean => {
  const resources = isObject(template) && isObject(template.Resources) ? template.Resources : {};
  const resource = resources[id];
  return isObject(resource) && resource.Condition !== undefined;
};

/** Counts the resources that are not run, by type. */
function notRunOf(resources: readonly Resource[]): Plan['notRun'] {
  const types = Map.groupBy(resources, ({ type }) => type);
  const listed = [...types].flatMap(([type, all]) => {
    const why = whyWithoutEffect(type);
    return why === undefined ? [] : [{ type, count: all.length, why }];
  });
  const throttled = resources.filter(
    ({ properties: given }) => given.DefaultRouteSettings !== undefined || given.RouteSettings !== undefined,
  ).length;
  const throttling = { type: 'throttling of the HTTP API', count: throttled, why: 'a machine has one user' };
  return throttled > 0 ? [...listed, throttling] : listed;
}

/** Reads a template. Throws a `Refusal` that names every resource type and property that the local runtime can't run. */
export function readTemplate({ template, stack, assembly, addresses }: ReadTemplateOptions): Plan {
  const { all, run, names, resolve } = resolvedTemplate({ template, stack, addresses });
  const refusals = run.flatMap((resource) => refusalsOf(resource, isConditional(template, resource.id)));
  if (refusals.length > 0) throw new Refusal(refusals);

  const read = <T>(types: readonly string[], reader: (name: string, from: Properties, resource: Resource) => T): T[] =>
    run
      .filter(({ type }) => types.includes(type))
      .map((resource) => {
        const obeyed = runTypes[resource.type]?.obeyed ?? [];
        const where = `${resource.id} (${resource.type})`;
        const kept = Object.entries(resource.properties).filter(([name]) => obeyed.includes(name));
        const resolved = resolve(Object.fromEntries(kept), where);
        return reader(names.get(resource.id) ?? resource.id, properties(resolved, where), resource);
      });

  read(['AWS::ApiGatewayV2::Api'], (_, from) => checkApi(from));
  read(['AWS::ApiGatewayV2::Stage'], (_, from) => checkStage(from));
  const integrations = new Map(
    read(
      ['AWS::ApiGatewayV2::Integration'],
      (_, from, { id }) => [names.get(id) ?? id, readIntegration(from)] as const,
    ),
  );
  const authorizers = new Map(
    read(['AWS::ApiGatewayV2::Authorizer'], (_, from, { id }) => [names.get(id) ?? id, readAuthorizer(from)] as const),
  );
  const mappings = read(['AWS::Lambda::EventSourceMapping'], (_, from) => readMapping(from)).filter(
    (mapping) => mapping !== undefined,
  );
  const rules = read(['AWS::Events::Rule'], (name, from) => readRule(name, from)).filter((rule) => rule !== undefined);

  return {
    stack,
    tables: read(['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table'], readTable),
    functions: read(
      ['AWS::Lambda::Function'],
      (name, from, { assetPath }): FunctionPlan => readFunction(name, from, { assembly, assetPath }),
    ),
    queues: read(['AWS::SQS::Queue'], readQueue),
    buses: read(['AWS::Events::EventBus'], (name) => name),
    rules: rules.flatMap((found) => ('rule' in found ? [found.rule] : [])),
    schedules: rules.flatMap((found) => ('schedule' in found ? [found.schedule] : [])),
    queueMappings: mappings.flatMap((found): QueueMappingPlan[] => (found.kind === 'queue' ? [found.mapping] : [])),
    streamMappings: mappings.flatMap((found): StreamMappingPlan[] => (found.kind === 'stream' ? [found.mapping] : [])),
    routes: read(['AWS::ApiGatewayV2::Route'], (_, from) => readRoute(from, { integrations, authorizers })),
    parameters: read(['AWS::SSM::Parameter'], (name, from) => ({ name, value: from.text('Value') })),
    outputs: outputsOf(template, resolve),
    notRun: notRunOf(all),
  };
}

function outputsOf(template: unknown, resolve: (value: unknown, where: string) => unknown): Plan['outputs'] {
  const outputs = isObject(template) && isObject(template.Outputs) ? template.Outputs : {};
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, output]) =>
      isObject(output) ? [[name, String(resolve(output.Value, `output ${name}`))]] : [],
    ),
  );
}
