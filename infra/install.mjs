// Are the dependencies installed exactly as locked? If not, this file installs them; it runs on the system's own Node, from 20 on.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lock = readFileSync(`${root}package-lock.json`, 'utf8');
const mark = `${root}node_modules/.installed-lock.json`;

const installed =
  existsSync(mark) && readFileSync(mark, 'utf8') === lock && existsSync(`${root}node_modules/.bin/node`);
if (!installed) {
  process.stderr.write('Installing the locked dependencies (once) …\n');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (npm.status !== 0) {
    process.stderr.write('npm ci failed for the reason above. Fix that and run the command again.\n');
    process.exit(npm.status ?? 1);
  }
  writeFileSync(mark, lock);
}
