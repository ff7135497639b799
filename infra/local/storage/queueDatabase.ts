// How is the queues' file opened? With two kinds of transaction: one syncs the disk for durable writes, the other saves that sync.
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { privateMode, touchPrivateFile } from '../core/privateFile.ts';
import { namingFaults, refuseDamaged } from '../core/storageFault.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    message_id TEXT NOT NULL,
    body TEXT NOT NULL,
    attributes TEXT,
    message_group TEXT NOT NULL DEFAULT '',
    sent_at INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    receive_count INTEGER NOT NULL DEFAULT 0,
    first_received_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messages_due ON messages (queue, visible_at, receive_count);
  CREATE TABLE IF NOT EXISTS checkpoints (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS parameters (
    name TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL, changed_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** A file of an earlier release has no groups. */
function addGroups(db: DatabaseSync): void {
  const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all('messages');
  if (!columns.some(({ name }) => name === 'message_group')) {
    db.exec("ALTER TABLE messages ADD COLUMN message_group TEXT NOT NULL DEFAULT ''");
  }
  db.exec('CREATE INDEX IF NOT EXISTS messages_groups ON messages (queue, message_group, visible_at)');
}

/** The queues' file, with its two kinds of transaction. */
export interface QueueDatabase {
  readonly db: DatabaseSync;
  /** Runs the work as one transaction. It is on disk on return, so it survives the process and a power loss. */
  durably<T>(work: () => T): T;
  /** Runs the work as one transaction. It survives the end of the process at once, but a power loss only after the next `durably`. */
  loosely<T>(work: () => T): T;
  close(): void;
}

const whenDamaged =
  'It holds the messages that wait, how far each stream is read, and the secrets of connections. Put a copy of the whole data ' +
  'directory in its place. Or move this file away and start again: streams are then read again from their oldest record, messages that ' +
  'waited only here are lost, and each connection needs a new secret (npm run connect -- --rotate ID).';

/** Makes a file with the tables, and gives it its name only then: a file of that name without them is a damaged one. */
function makeFile(path: string): void {
  const made = `${path}.${process.pid}.new`;
  mkdirSync(dirname(path), { recursive: true, mode: privateMode.folder });
  rmSync(made, { force: true });
  // Parameters are secrets, so other users of the machine must not read the file (SQLite gives its -wal and -shm the same mode).
  touchPrivateFile(made);
  const db = new DatabaseSync(made);
  try {
    db.exec(schema);
    addGroups(db);
  } finally {
    db.close();
  }
  renameSync(made, path);
}

/** Whether the database is whole: all its pages are there and in order, and it has the tables. */
function isWhole(db: DatabaseSync): boolean {
  const found = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'messages'").get();
  return found !== undefined && db.prepare('PRAGMA quick_check(1)').get()?.quick_check === 'ok';
}

function openFile(path: string): DatabaseSync {
  if (path !== ':memory:') {
    if (!existsSync(path)) makeFile(path);
    else if (statSync(path).size === 0) refuseDamaged({ path, whenDamaged });
    else touchPrivateFile(path);
  }
  const db = new DatabaseSync(path, { timeout: 5_000 });
  try {
    // With a write-ahead log, a commit is one append. A killed process loses no commit, because the kernel holds the written data.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536');
    if (path !== ':memory:' && !isWhole(db)) refuseDamaged({ path, whenDamaged });
    db.exec(schema);
    addGroups(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens (or makes) the queues' file; `:memory:` keeps nothing. Refuses a damaged file, and leaves it as it is. */
export function openQueueDatabase(path: string): QueueDatabase {
  const db = namingFaults({ path, whenDamaged }, () => openFile(path));
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  let mode: 'FULL' | 'NORMAL' | undefined;

  function transaction<T>(synchronous: 'FULL' | 'NORMAL', work: () => T): T {
    // FULL syncs the log at each commit, with all earlier NORMAL commits in it. NORMAL syncs only at a checkpoint of the log.
    // One connection switches between the two: writes of a second connection would empty the first one's page cache.
    if (mode !== synchronous) {
      db.exec(`PRAGMA synchronous = ${synchronous}`);
      mode = synchronous;
    }
    begin.run();
    try {
      const result = work();
      commit.run();
      return result;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  return {
    db,
    durably: (work) => transaction('FULL', work),
    loosely: (work) => transaction('NORMAL', work),
    close: () => db.close(),
  };
}
