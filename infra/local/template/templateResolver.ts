// Which local values do the names and intrinsics of a template have? This lists and names its resources, and makes the function that resolves values.

import { isObject } from '../core/json.ts';
import { type ResourceNames, resolver } from './intrinsics.ts';
import { whyWithoutEffect } from './resourceCatalog.ts';
import { type Addresses, attributeOf, nameResources, type Resource, refOf, resourcesOf } from './templateNames.ts';

export interface TemplateOptions {
  /** The template's JSON, parsed. */
  readonly template: unknown;
  /** The name of its stack. */
  readonly stack: string;
  readonly addresses: Addresses;
}

export interface ResolvedTemplate {
  /** All resources, and those that run locally. */
  readonly all: readonly Resource[];
  readonly run: readonly Resource[];
  /** The local name of a resource that runs, by its logical id. */
  readonly names: ReadonlyMap<string, string>;
  /** A value of the template with everything inside it resolved; `where` names it in refusals. */
  readonly resolve: (value: unknown, where: string) => unknown;
}

function parameterDefaults(template: unknown): ReadonlyMap<string, string> {
  const parameters = isObject(template) && isObject(template.Parameters) ? template.Parameters : {};
  const defaults = Object.entries(parameters).flatMap(([name, parameter]) =>
    isObject(parameter) && parameter.Default !== undefined ? [[name, String(parameter.Default)] as const] : [],
  );
  return new Map(defaults);
}

/** Names a template's resources, so that its values can be resolved. */
export function resolvedTemplate({ template, stack, addresses }: TemplateOptions): ResolvedTemplate {
  const all = resourcesOf(template);
  const run = all.filter(({ type }) => whyWithoutEffect(type) === undefined);
  const byId = new Map(all.map((resource) => [resource.id, resource]));
  const names = nameResources(run);
  const defaults = parameterDefaults(template);
  const known: ResourceNames = {
    ref(id) {
      const resource = byId.get(id);
      return resource === undefined ? defaults.get(id) : refOf(resource.type, names.get(id) ?? id, addresses);
    },
    attribute(id, attribute) {
      const resource = byId.get(id);
      if (resource === undefined) return undefined;
      const found = attributeOf(resource.type, names.get(id) ?? id, { attribute, addresses });
      // An output may refer to a resource that isn't run, such as a dashboard: any text will do.
      return found ?? (names.has(id) ? undefined : `${id}.${attribute}`);
    },
  };
  return { all, run, names, resolve: resolver(known, stack) };
}
