// Runs the local runtime in a process of its own, so that a test can kill it: node runLocal.ts ASSEMBLY.json DATA_DIRECTORY [OPTIONS]
import { readFileSync } from 'node:fs';
import { serveCommands } from '../../infra/commands/commandServer.ts';
import { installLastResort } from '../../infra/local/core/lastResort.ts';
import { startRuntime } from '../../infra/local/runtime.ts';

const [assembly = '', dataDir = '', options = '{}'] = process.argv.slice(2);
const log = (line: string): void => void process.stderr.write(`${line}\n`);
installLastResort({ dataDir, log, end: (code) => process.exit(code) });
const template = JSON.parse(readFileSync(assembly, 'utf8'));
const runtime = await startRuntime({ dataDir, template, log, serveCommands, ...JSON.parse(options) });
const { url, endpoints } = runtime;
process.stdout.write(`${JSON.stringify({ url, tables: endpoints.dynamodb, services: endpoints.sqs })}\n`);
