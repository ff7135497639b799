// Which rules find what the sample's stories plant? Only by these is the sample held to hold what was planted, and nothing else.

export const plantedRules = [
  ...(['P1.1', 'P1.3', 'P2.1', 'P2.2', 'P3.1', 'P3.2'] as const),
  ...(['P3.4', 'P4.1', 'P4.4', 'P5.1', 'P5.3', 'P5.5'] as const),
] as const;

/** The id of such a rule. */
export type PlantedRule = (typeof plantedRules)[number];

/** Whether a rule is one of them. What others find no story has planned. */
export const isPlantedRule = (rule: string): boolean => plantedRules.some((planted) => planted === rule);
