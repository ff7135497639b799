// Does the environment hold every variable that a function needs?
// Every entry file calls it when its process starts; it reads the process's environment.
import * as z from 'zod';

/** A variable that must be set to some text. */
export const required = z.string().min(1);

/** The variables that the shape names, parsed; throws with the names of those that are missing or wrong. */
export const readConfig = <Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): z.infer<z.ZodObject<Shape>> => {
  // Read once: compiling the schema, as zod does otherwise, takes longer than reading.
  const parsed = z.object(shape).safeParse(environment, { jitless: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')} (${message})`);
  throw new Error(
    `variables of the function's environment are missing or wrong: ${problems.join(', ')}; the template sets them`,
  );
};
