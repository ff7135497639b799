// Runs the local runtime in a process of its own, so that a test can kill it: node runLocal.ts ASSEMBLY.json DATA_DIRECTORY
import { readFileSync } from 'node:fs';
import { startRuntime } from '../../infra/local/runtime.ts';

const [assembly = '', dataDir = ''] = process.argv.slice(2);
const runtime = await startRuntime({ dataDir, template: JSON.parse(readFileSync(assembly, 'utf8')) });
process.stdout.write(`${JSON.stringify({ url: runtime.url, tables: runtime.endpoints.dynamodb })}\n`);
