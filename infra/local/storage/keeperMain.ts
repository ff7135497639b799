// Who reaches the engine in its network namespace? This process, which runs there: it starts the engine, and hands the runtime opened connections.
// walledEngine.ts starts it; it starts and ends the engine's process, and connects to the engine's port.
import { readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { Refusal } from '../core/refusal.ts';
import { startEngineProcess } from './engineProcess.ts';
import type { FromKeeper, KeeperStart, ToKeeper } from './walledMessages.ts';

const tell = (message: FromKeeper): void => {
  // The runtime may just have ended; then this process ends too.
  if (process.connected) process.send?.(message, () => undefined);
};

/** For so many milliseconds a connection waits for an engine that is started again; the runtime gives it up a little later. */
const waitsFor = 4_000;

/** Opens a connection and passes it on as it is: from then on, the runtime and the engine speak without this process. */
function handOver(id: number, port: number, until = performance.now() + waitsFor): void {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const refuse = (error: Error): void => tell({ kind: 'refused', id, why: error.message });
  const failed = (error: NodeJS.ErrnoException): void => {
    // Nothing was sent yet, so that a wait is safe; a message whose function failed would stay hidden for minutes.
    if (error.code === 'ECONNREFUSED' && performance.now() < until) setTimeout(handOver, 20, id, port, until);
    else refuse(error);
  };
  socket.once('error', failed);
  socket.once('connect', () => {
    socket.off('error', failed);
    socket.on('error', () => undefined);
    if (!process.connected) socket.destroy();
    else process.send?.({ kind: 'connected', id } satisfies FromKeeper, socket, (error) => error && refuse(error));
  });
}

// When the runtime ends, a shell kills this process, and its engine with it; mostly this is faster.
process.once('disconnect', () => process.exit());
if (!process.connected) process.exit();

const { path, note, outside }: KeeperStart = JSON.parse(process.argv[2] ?? '{}');
if (readlinkSync('/proc/self/ns/net') === outside) {
  process.stderr.write('this is the network namespace of all users\n');
  process.exit(1);
}
tell({ kind: 'inside' });

try {
  const engine = await startEngineProcess({ path, note, log: (line) => tell({ kind: 'log', line }) });
  process.on('message', (message: ToKeeper) => {
    if (message.kind === 'connect') handOver(message.id, engine.port);
    else void engine.stop().then(() => process.exit());
  });
  tell({ kind: 'ready', port: engine.port });
} catch (error) {
  const reasons = error instanceof Refusal ? error.reasons : [error instanceof Error ? error.message : String(error)];
  tell({ kind: 'failed', reasons, refused: error instanceof Refusal });
}
