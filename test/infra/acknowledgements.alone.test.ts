// Does cdk-nag find nothing that isn't acknowledged, with a reason, at the very construct, and is nothing acknowledged in vain?
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { describe, expect, it, vi } from 'vitest';
import { check, packsOf } from '../../infra/build/nagChecks.ts';
import { stackOf } from './synthesized.ts';

interface Acknowledged {
  readonly path: string;
  readonly id: string;
  readonly reason: string;
}

// What would be acknowledged is noted instead: so that the packs find it, and it can be held against what they find.
const { acknowledged } = vi.hoisted(() => ({ acknowledged: new Map<string, Acknowledged>() }));
vi.mock('../../infra/constructs/acknowledge.ts', () => ({
  acknowledge: ({ node }: IConstruct, id: string, reason: string) =>
    void acknowledged.set(`${node.path} ${id}`, { path: node.path, id, reason }),
}));

const source = 'aws.partner/salesforce.com/00D000000000000EAA/0YL000000000000EAA';
const variants: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'a user pool of its own, and another name': { stack: 'Staging', issuer: undefined, audience: undefined },
  'an issuer of one’s own': { partnerSources: [source] },
  'an address that hears of alarms': { alarmEmail: 'ops@example.com' },
  'CloudFront before the API': { cloudfront: true },
};

const findings = (scope: IConstruct): readonly { readonly path: string; readonly id: string }[] =>
  packsOf(scope).flatMap((pack) =>
    pack
      .validateScope(scope)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath = '' }) => ({ path: constructPath, id: ruleName })),
      ),
  );

describe.each(Object.entries(variants))('with %s', (_, context) => {
  acknowledged.clear();
  const found = findings(stackOf(context));
  const said = [...acknowledged.values()];
  const covers = (finding: { path: string; id: string }) => (each: Acknowledged) =>
    finding.id === each.id && (finding.path === each.path || finding.path.startsWith(`${each.path}/`));

  it('every finding is acknowledged', () => {
    expect(found.filter((finding) => !said.some(covers(finding)))).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
  });

  it('every acknowledgement belongs to exactly one finding, and has a reason', () => {
    for (const each of said) {
      expect(
        found.filter((finding) => covers(finding)(each)),
        `${each.path} ${each.id}`,
      ).toHaveLength(1);
      expect(each.reason).toMatch(/^[A-Z][^\n]{40,}\.$/);
    }
  });
});

it('a finding fails the synthesis', () => {
  const app = new App({ analyticsReporting: false });
  new Topic(new Stack(app, 'Open'), 'Topic');
  check(app);
  expect(() => app.synth()).toThrow('AwsSolutions-SNS3');
}, 120_000);
