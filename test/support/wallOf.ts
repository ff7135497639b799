// How is the line of a folder written: what may it import, beside what all folders of its room may?

export interface Wall {
  readonly folder: string;
  /** Folders (with a slash at the end; what lies directly in them), and single files. */
  readonly ours: readonly string[];
  /** Packages by name or scope: `zod`, `node:`, `@aws-sdk/`. A trailing `/` or `:` allows all that begin so. */
  readonly packages: readonly string[];
}

export const wall = (folder: string, ours: readonly string[], packages: readonly string[] = []): Wall => ({
  folder,
  ours: [folder, ...ours],
  packages,
});

export const domain = (folder: string, ...ours: readonly string[]): Wall =>
  wall(`domain/${folder}`, ['domain/', 'events/', ...ours.map((name) => `domain/${name}`)], ['zod']);

const aws = ['@aws-sdk/', '@smithy/', '@middy/', '@aws-lambda-powertools/', 'aws-lambda', 'zod', 'node:'];
export const job = (folder: string, ours: readonly string[], packages: readonly string[] = []): Wall =>
  wall(`functions/${folder}`, ['events/', ...ours], [...aws, ...packages]);

export const cdk = (folder: string, ...ours: readonly string[]): Wall =>
  wall(
    `infra/${folder}`,
    [
      ...ours.map((name) => (name.startsWith('events/') ? name : `infra/${name}`)),
      'domain/lifecycle.ts',
      'domain/rows/catalog.ts',
      'domain/rows/ownTables.ts',
      'domain/rows/table.ts',
    ],
    ['aws-cdk-lib', 'aws-cdk-lib/', 'constructs', 'zod', 'node:'],
  );

export const local = (folder: string, ours: readonly string[], packages: readonly string[] = []): Wall =>
  wall(
    `infra/local/${folder}`,
    ours.map((name) => `infra/local/${name}`),
    ['zod', 'node:', ...packages],
  );

/** A command's entry file lies in infra/commands beside what several commands call, or with its parts in a folder of its name. */
export const command = (folder: string, ...ours: readonly string[]): Wall =>
  wall(
    `infra/commands/${folder}`,
    ['infra/commands/', 'infra/local/', 'infra/local/core/', ...ours],
    ['@aws-sdk/', 'zod', 'node:'],
  );
