// Which rules does the template have to pass before it is used? Two packs of cdk-nag; a finding fails the synthesis.
import { type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** The packs over a tree of constructs. What they may find stands acknowledged at its construct, with the reason. */
export const packsOf = (scope: IConstruct): readonly (AwsSolutionsChecks | ServerlessChecks)[] => [
  new AwsSolutionsChecks(scope, { verbose: true }),
  new ServerlessChecks(scope, { verbose: true }),
];

/** Has the synthesis of the app run the packs. */
export const check = (app: IConstruct): void => {
  const plugins: readonly IPolicyValidationPlugin[] = packsOf(app);
  Validations.of(app).addPlugins(...plugins);
};
