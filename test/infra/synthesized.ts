// What does the app synthesize? The template over tiny stand-ins for the bundles, and its functions, grants and queues by name.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { bundleAssetsIn, functionNames } from '../../infra/constructs/bundleAssets.ts';
import { settingsOf } from '../../infra/foundation/settings.ts';
import { PipelineStack } from '../../infra/pipelineStack.ts';

export const standInBundles = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-bundles-'));
  for (const name of functionNames) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.js'), `exports.handler = async () => '${name}';`);
  }
  writeFileSync(join(folder, 'computedBy'), 'c0ffee0123456789\n');
  return folder;
};

/** The stack, for this context beside an issuer and an audience (of its own user pool where they are given as undefined). */
export const stackOf = (context: Readonly<Record<string, unknown>> = {}): PipelineStack => {
  const said: Readonly<Record<string, unknown>> = {
    issuer: 'https://login.example.com/',
    audience: 'throughline',
    ...context,
  };
  const settled = settingsOf((name) => said[name]);
  const found = bundleAssetsIn(standInBundles());
  if (!settled.ok) throw new Error(settled.refusals.map(({ message }) => message).join('\n'));
  if (!found.ok) throw new Error(found.refusals.map(({ message }) => message).join('\n'));
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'throughline-out-')), analyticsReporting: false });
  return new PipelineStack(app, settled.settings.stack, { settings: settled.settings, bundles: found.bundles });
};

const templates = new Map<string, Template>();

/** Its template, synthesized once for each context in a process: tests only read it. */
export const synthesized = (context: Readonly<Record<string, unknown>> = {}): Template => {
  const key = JSON.stringify(context, (_, value) => (value === undefined ? 'absent' : value));
  const template = templates.get(key) ?? Template.fromStack(stackOf(context));
  templates.set(key, template);
  return template;
};

/** A logical id without the hash that the CDK puts behind it. */
export const plain = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

export type Resource = ReturnType<Template['findResources']>[string];

/** Resources of a type, by logical id. */
export const resources = (template: Template, type: string): readonly (readonly [string, Resource])[] =>
  Object.entries(template.findResources(type));

/** A resource by its logical id. */
export const resource = (template: Template, type: string, logicalId: string): Resource => {
  const found = template.findResources(type)[logicalId];
  if (found === undefined) throw new Error(`the template has no ${type} ${logicalId}`);
  return found;
};

/** The functions, by the name that their description begins with. */
export const functionsOf = (template: Template): ReadonlyMap<string, readonly [string, Resource]> =>
  new Map(
    resources(template, 'AWS::Lambda::Function').map(([id, found]) => [
      String(found.Properties.Description).split(':')[0] ?? '',
      [id, found],
    ]),
  );

/** A value of the template as text: references by their plain logical ids. */
export const shown = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const [operator, operand] = Object.entries(value)[0] ?? [];
  if (operator === 'Ref') return `{${plain(String(operand))}}`;
  if (operator === 'Fn::GetAtt') return `{${plain(String(operand[0]))}.${operand[1]}}`;
  if (operator === 'Fn::Join' && Array.isArray(operand[1])) return operand[1].map(shown).join(operand[0]);
  return JSON.stringify(value);
};

const several = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** What a function may do: `action resource`, one line each, sorted; with a condition, that too. */
export const grantsOf = (template: Template, name: string): readonly string[] => {
  const [, handler] = functionsOf(template).get(name) ?? [];
  if (handler === undefined) throw new Error(`the template has no function ${name}`);
  const role = resource(template, 'AWS::IAM::Role', handler.Properties.Role['Fn::GetAtt'][0]);
  const statements: readonly Resource[] = several(role.Properties.Policies).flatMap(
    (policy) => Object(policy).PolicyDocument.Statement,
  );
  return statements
    .flatMap((statement) =>
      several(statement.Action).flatMap((action) =>
        several(statement.Resource).map((on) =>
          [
            ...(statement.Effect === 'Allow' ? [] : [statement.Effect]),
            action,
            shown(on),
            ...(statement.Condition ? [JSON.stringify(statement.Condition)] : []),
          ].join(' '),
        ),
      ),
    )
    .sort();
};
