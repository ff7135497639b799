// Has every function a role of its own, and does the template name no account, region or partition?
import { expect, it } from 'vitest';
import { functionNames } from '../../infra/constructs/bundleAssets.ts';
import { functionsOf, resources, synthesized } from './synthesized.ts';

const template = synthesized({ partnerSources: ['aws.partner/salesforce.com/00D000000000000EAA/0YL000000000000EAA'] });

it('grants are only in each function’s own role: no managed policy, no extra policy, no shared role', () => {
  expect(['Policy', 'ManagedPolicy'].flatMap((kind) => resources(template, `AWS::IAM::${kind}`))).toEqual([]);
  const roles = resources(template, 'AWS::IAM::Role');
  const own = roles.filter(([, { Properties: of }]) => of.ManagedPolicyArns === undefined && of.Policies.length === 1);
  expect(own).toEqual(roles);
  const used = [...functionsOf(template).values()].map(([, handler]) => handler.Properties.Role['Fn::GetAtt'][0]);
  expect(new Set(used).size).toBe(functionNames.length);
  expect(roles.length).toBe(functionNames.length);
});

it('names no account, region or partition literally', () => {
  const text = JSON.stringify(template.toJSON().Resources);
  expect(text).not.toMatch(/:\d{12}:|"\d{12}"|arn:aws/);
  expect(text).not.toMatch(/\b(us|eu|ap|sa|ca|me|af)-[a-z]+-\d\b/);
});
