// How is the template made? `node infra/app.ts -c issuer=… -c audience=…`, or through the CDK's own command line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { App } from 'aws-cdk-lib';
import { bundlesIn } from './bundles.ts';
import { PipelineStack } from './pipelineStack.ts';
import { settingsOf } from './settings.ts';

const root = join(import.meta.dirname, '..');

/** The context of cdk.json, which counts also where the CDK's command line doesn't run the app. */
const contextOfFile = (): Record<string, unknown> => JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')).context;

const contextOfArguments = (): Record<string, string> =>
  Object.fromEntries(
    (parseArgs({ options: { context: { type: 'string', short: 'c', multiple: true } } }).values.context ?? []).map(
      (given) => {
        const [name = '', ...value] = given.split('=');
        return [name, value.join('=')];
      },
    ),
  );

const app = new App({
  outdir: process.env.CDK_OUTDIR ?? join(root, '.build', 'cdk.out'),
  context: contextOfFile(),
  postCliContext: contextOfArguments(),
  analyticsReporting: false,
});
const settled = settingsOf((name) => app.node.tryGetContext(name));
const found = bundlesIn(app.node.tryGetContext('bundles') ?? join(root, '.build', 'functions'));

if (settled.ok && found.ok) {
  new PipelineStack(app, settled.settings.stack, { settings: settled.settings, bundles: found.bundles });
  // The CDK's own switch: the local runtime validates nothing, and so needn't load what checks.
  if (process.env.CDK_VALIDATION !== 'false') (await import('./checks.ts')).check(app);
  app.synth();
} else {
  const refusals = [...(settled.ok ? [] : settled.refusals), ...(found.ok ? [] : found.refusals)];
  for (const { name, message } of refusals) process.stderr.write(`${name}: ${message}\n`);
  process.exitCode = 1;
}
