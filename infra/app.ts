// How is the template made? `node infra/app.ts -c issuer=… -c audience=…` writes it, or the CDK's own command line calls this file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { asksForHelp, contextGiven, contextNames, unreadContext } from './build/contextArguments.ts';
import { bundleAssetsIn } from './constructs/bundleAssets.ts';
import { settingsOf } from './foundation/settings.ts';
import { PipelineStack } from './pipelineStack.ts';

const root = join(import.meta.dirname, '..');

/** The context of cdk.json. It is read here because it counts also where the CDK's command line doesn't run the app. */
const contextOfFile = (): Record<string, unknown> => JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')).context;

/** The context of this command line; the process ends here on any other word, or on a name that nobody reads. */
const contextOfArguments = (): Readonly<Record<string, string>> => {
  let reasons: readonly string[];
  try {
    const context = contextGiven(process.argv.slice(2), 'refused');
    reasons = unreadContext(context);
    if (reasons.length === 0) return context;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    reasons = [`${reason}. Say \`-c NAME=VALUE\`; the README lists the names.`];
  }
  process.stderr.write(`${reasons.join('\n')}\n`);
  process.exit(1);
};

if (asksForHelp(process.argv.slice(2))) {
  process.stdout.write(`Usage: npm run synth -- [-c NAME=VALUE …]
  -c NAME=VALUE  context: ${contextNames} (README, "Deploy")
  The template is written to .build/cdk.out.\n`);
  process.exit(0);
}

const app = new App({
  outdir: process.env.CDK_OUTDIR ?? join(root, '.build', 'cdk.out'),
  context: contextOfFile(),
  postCliContext: contextOfArguments(),
  analyticsReporting: false,
});
const settled = settingsOf((name) => app.node.tryGetContext(name));
const found = bundleAssetsIn(app.node.tryGetContext('bundles') ?? join(root, '.build', 'functions'));

if (settled.ok && found.ok) {
  new PipelineStack(app, settled.settings.stack, { settings: settled.settings, bundles: found.bundles });
  // The CDK's own switch: the local runtime validates nothing, so it doesn't load the checks.
  if (process.env.CDK_VALIDATION !== 'false') (await import('./build/nagChecks.ts')).check(app);
  app.synth();
} else {
  const refusals = [...(settled.ok ? [] : settled.refusals), ...(found.ok ? [] : found.refusals)];
  for (const { name, message } of refusals) process.stderr.write(`${name}: ${message}\n`);
  process.exitCode = 1;
}
