// How do instrumented files take the place of the originals? Node asks these hooks for the text of each module, and of `vitest` for tests.
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withForgetfulCaches } from './switches.ts';

const recorder = new URL('./recorder.ts', import.meta.url).href;

/** Puts the texts, by path, in place of the files. It holds for modules that are loaded from now on. */
export const placeTexts = (texts: Readonly<Record<string, string>>): void => {
  registerHooks({
    resolve: (name, context, next) =>
      name === 'vitest' && context.parentURL !== recorder ? { url: recorder, shortCircuit: true } : next(name, context),
    load: (url, context, next) => {
      if (!url.startsWith('file:') || !url.includes('.ts')) return next(url, context);
      const path = fileURLToPath(url.replace(/\?.*$/, ''));
      if (texts[path] === undefined && !path.includes(`${sep}domain${sep}`)) return next(url, context);
      const text = withForgetfulCaches(texts[path] ?? readFileSync(path, 'utf8'));
      return { format: 'module', source: stripTypeScriptTypes(text), shortCircuit: true };
    },
  });
};
