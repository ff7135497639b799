// Which rules must the template pass? Two packs of cdk-nag rules; a finding fails the synthesis.
import { type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** Checks a tree of constructs. Accepted findings are acknowledged at their constructs, with the reason. */
export const packsOf = (scope: IConstruct): readonly (AwsSolutionsChecks | ServerlessChecks)[] => [
  new AwsSolutionsChecks(scope, { verbose: true }),
  new ServerlessChecks(scope, { verbose: true }),
];

/** Adds the packs to the app, so that each synthesis runs them. */
export const check = (app: IConstruct): void => {
  const plugins: readonly IPolicyValidationPlugin[] = packsOf(app);
  Validations.of(app).addPlugins(...plugins);
};
