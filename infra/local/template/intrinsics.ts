// Which value does a Ref, Fn::GetAtt, Fn::Sub, Fn::Join, Fn::Select or Fn::Split of a template have on this machine?
import { place } from '../core/awsNames.ts';
import { isObject } from '../core/json.ts';
import { refuse } from '../core/refusal.ts';

/** The local values of Ref and Fn::GetAtt; undefined for an unknown resource or attribute. */
export interface ResourceNames {
  readonly ref: (logicalId: string) => string | undefined;
  readonly attribute: (logicalId: string, attribute: string) => string | undefined;
}

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::Region': place.region,
  'AWS::AccountId': place.account,
  'AWS::Partition': place.partition,
  'AWS::URLSuffix': place.urlSuffix,
};

/** The inputs for resolving values. */
interface Names extends ResourceNames {
  readonly stack: string;
}

function ref(names: Names, name: string, where: string): string {
  return (
    pseudoParameters[name] ??
    (name === 'AWS::StackName' ? names.stack : undefined) ??
    names.ref(name) ??
    refuse(`${where}: Ref "${name}" names nothing that the local runtime knows.`)
  );
}

function attribute(names: Names, path: unknown, where: string): string {
  const [id, ...rest] = typeof path === 'string' ? path.split('.') : Array.isArray(path) ? path.map(String) : [];
  const name = rest.join('.');
  return (
    names.attribute(id ?? '', name) ??
    refuse(`${where}: Fn::GetAtt "${id}.${name}" names nothing that the local runtime knows.`)
  );
}

function texts(names: Names, value: unknown, where: string): readonly string[] {
  const resolved = resolve(names, value, where);
  return Array.isArray(resolved) ? resolved.map(String) : refuse(`${where}: expected a list.`);
}

function substitute(names: Names, argument: unknown, where: string): string {
  const [text, given] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof text !== 'string' || !isObject(given)) return refuse(`${where}: Fn::Sub needs text.`);
  return text.replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (given[name] !== undefined) return String(resolve(names, given[name], where));
    return name.includes('.') ? attribute(names, name, where) : ref(names, name, where);
  });
}

type Intrinsic = (names: Names, argument: unknown, where: string) => unknown;

const intrinsics: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Ref', (names, argument, where) => ref(names, String(argument), where)],
  ['Fn::GetAtt', attribute],
  ['Fn::Sub', substitute],
  [
    'Fn::Join',
    (names, argument, where) => {
      const [separator, parts] = Array.isArray(argument) ? argument : [];
      return texts(names, parts, where).join(String(separator));
    },
  ],
  [
    'Fn::Split',
    (names, argument, where) => {
      const [separator, text] = Array.isArray(argument) ? argument : [];
      return String(resolve(names, text, where)).split(String(separator));
    },
  ],
  [
    'Fn::Select',
    (names, argument, where) => {
      const [index, list] = Array.isArray(argument) ? argument : [];
      return texts(names, list, where)[Number(index)] ?? refuse(`${where}: Fn::Select finds nothing at ${index}.`);
    },
  ],
]);

function resolve(names: Names, value: unknown, where: string): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(names, item, where));
  if (!isObject(value)) return value;
  const [name, ...others] = Object.keys(value);
  if (name !== undefined && others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
    const intrinsic = intrinsics.get(name) ?? refuse(`${where}: the local runtime doesn't know ${name}.`);
    return intrinsic(names, value[name], where);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(names, item, `${where}.${key}`)]));
}

/** Makes the function that resolves a value of the template (with everything inside it); `where` names the value in refusals. */
export function resolver(names: ResourceNames, stack: string): (value: unknown, where: string) => unknown {
  const known: Names = { ref: names.ref, attribute: names.attribute, stack };
  return (value, where) => resolve(known, value, where);
}
