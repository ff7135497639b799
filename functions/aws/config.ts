// What does a function need of its environment? It says so by name, and refuses by name what is missing.
import * as z from 'zod';

/** A variable that must be set to some text. */
export const required = z.string().min(1);

/** The variables that the shape names, parsed; throws with the names of those that are missing or wrong. */
export const readConfig = <Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): z.infer<z.ZodObject<Shape>> => {
  const parsed = z.object(shape).safeParse(environment);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')} (${message})`);
  throw new Error(`the function's environment lacks or misstates ${problems.join(', ')}; the template sets it`);
};
