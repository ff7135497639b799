// How does the app start at once when its bundles are there? The CDK is loaded by then, which takes longer than the template.
// `build/appProcess.ts` starts it; it waits for a word on standard input, and runs the app.
import { once } from 'node:events';
import './pipelineStack.ts';

await once(process.stdin, 'data');
process.stdin.destroy();
await import('./app.ts');
