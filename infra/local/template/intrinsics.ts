// What does a template's Ref, Fn::GetAtt, Fn::Sub, Fn::Join, Fn::Select or Fn::Split stand for, on this machine?
import { place } from '../core/awsNames.ts';
import { isObject } from '../core/json.ts';
import { refuse } from '../core/refusal.ts';

/** How resources are called here: what Ref and Fn::GetAtt answer; undefined for what isn't known. */
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

/** Makes the function that resolves a value of the template (with everything inside it); `where` names the value in refusals. */
export function resolver(names: ResourceNames, stack: string): (value: unknown, where: string) => unknown {
  const ref = (name: string, where: string): string =>
    pseudoParameters[name] ??
    (name === 'AWS::StackName' ? stack : undefined) ??
    names.ref(name) ??
    refuse(`${where}: Ref "${name}" names nothing that the local runtime knows.`);

  const attribute = (path: unknown, where: string): string => {
    const [id, ...rest] = typeof path === 'string' ? path.split('.') : Array.isArray(path) ? path.map(String) : [];
    const name = rest.join('.');
    return (
      names.attribute(id ?? '', name) ??
      refuse(`${where}: Fn::GetAtt "${id}.${name}" names nothing that the local runtime knows.`)
    );
  };

  const texts = (value: unknown, where: string): readonly string[] => {
    const resolved = resolve(value, where);
    return Array.isArray(resolved) ? resolved.map(String) : refuse(`${where}: expected a list.`);
  };

  const substitute = (argument: unknown, where: string): string => {
    const [text, given] = Array.isArray(argument) ? argument : [argument, {}];
    if (typeof text !== 'string' || !isObject(given)) return refuse(`${where}: Fn::Sub needs text.`);
    return text.replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (given[name] !== undefined) return String(resolve(given[name], where));
      return name.includes('.') ? attribute(name, where) : ref(name, where);
    });
  };

  const call = (name: string, argument: unknown, where: string): unknown => {
    switch (name) {
      case 'Ref':
        return ref(String(argument), where);
      case 'Fn::GetAtt':
        return attribute(argument, where);
      case 'Fn::Sub':
        return substitute(argument, where);
      case 'Fn::Join': {
        const [separator, parts] = Array.isArray(argument) ? argument : [];
        return texts(parts, where).join(String(separator));
      }
      case 'Fn::Split': {
        const [separator, text] = Array.isArray(argument) ? argument : [];
        return String(resolve(text, where)).split(String(separator));
      }
      case 'Fn::Select': {
        const [index, list] = Array.isArray(argument) ? argument : [];
        return texts(list, where)[Number(index)] ?? refuse(`${where}: Fn::Select finds nothing at ${index}.`);
      }
      default:
        return refuse(`${where}: the local runtime doesn't know ${name}.`);
    }
  };

  function resolve(value: unknown, where: string): unknown {
    if (Array.isArray(value)) return value.map((item) => resolve(item, where));
    if (!isObject(value)) return value;
    const [name, ...others] = Object.keys(value);
    if (name !== undefined && others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
      return call(name, value[name], where);
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, `${where}.${key}`)]));
  }

  return resolve;
}
