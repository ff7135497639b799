// How is the stack deployed, or compared with the deployed one? This bundles the functions, then runs the CDK's own command line.
// `npm run deploy`, `npm run diff` and `npm run bootstrap` call it; it writes the bundles, and the CDK changes the account.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFunctions } from './bundle.ts';
import { asksForHelp, contextGiven, contextNames, unreadContext } from './contextArguments.ts';

const root = join(import.meta.dirname, '..', '..');

// The CDK synthesizes before it bootstraps, even for a named environment. So bootstrap needs the bundles too.
const commands = ['bootstrap', 'deploy', 'diff'] as const;
export type CdkCommand = (typeof commands)[number];

const givesRelease = (given: readonly string[]): boolean =>
  given.some((word) => /^(--parameters=)?(\w[\w-]*:)?Release=/.test(word));

/**
 * The arguments for the CDK's command line: the person's own, and the release for a deployment. The release is the one that the person
 * names (context, or parameter), else the seconds since 1970: every deployment raises it, even one of older code.
 */
export const cdkArguments = (command: CdkCommand, given: readonly string[], now: Date): readonly string[] => {
  const release = contextGiven(given, 'passed').release ?? String(Math.floor(now.getTime() / 1000));
  const raised = command === 'deploy' && !givesRelease(given) ? ['--parameters', `Release=${release}`] : [];
  return [command, '--app', `"${process.execPath}" infra/app.ts`, ...raised, ...given];
};

const usageOf = (
  command: CdkCommand,
): string => `Usage: npm run ${command} -- [-c NAME=VALUE …] [what else the CDK's own command line takes]
  -c NAME=VALUE  context of this run alone: ${contextNames}
                 (README, "Deploy"; what is to stay belongs into cdk.json)
  It needs credentials and a region: AWS_PROFILE, AWS_REGION. Once an account: npm run bootstrap -- aws://ACCOUNT/REGION
  All flags of the CDK: npx cdk ${command} --help`;

/** Runs it; answers its exit code. */
const run = (command: CdkCommand, given: readonly string[]): number => {
  // A deployment is always checked, even if this shell switches the checks off.
  const { CDK_VALIDATION: _, CDK_OUTDIR: __, ...environment } = process.env;
  const cdk = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const { status, error } = spawnSync(process.execPath, [cdk, ...cdkArguments(command, given, new Date())], {
    cwd: root,
    stdio: 'inherit',
    env: { ...environment, CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
  if (error) throw error;
  return status ?? 1;
};

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [, , asked, ...given] = process.argv;
  const command = commands.find((name) => name === asked);
  const unread = unreadContext(contextGiven(given, 'passed'));
  if (command === undefined) {
    process.stderr.write(`Say bootstrap, deploy or diff: npm run deploy -- -c alarmEmail=ops@example.com\n`);
    process.exitCode = 1;
  } else if (asksForHelp(given)) {
    process.stdout.write(`${usageOf(command)}\n`);
  } else if (unread.length > 0) {
    process.stderr.write(`${unread.join('\n')}\n`);
    process.exitCode = 1;
  } else {
    await bundleFunctions();
    process.exitCode = run(command, given);
    if (process.exitCode !== 0) {
      process.stderr.write(
        `npm run ${command} ended with ${process.exitCode}, for the reason above. It needs credentials and a region (AWS_PROFILE, AWS_REGION), ` +
          'and an account that was bootstrapped once: npm run bootstrap -- aws://ACCOUNT/REGION.\n',
      );
    }
  }
}
