// How does the engine's own table of stream records stay fast and small? It gets an index and is trimmed; its newest number is read without a call.
// The stream pump calls it; it reads and writes the engine's SQLite file.
import { DatabaseSync } from 'node:sqlite';

/**
 * The engine's stream table, seen through its SQLite file. The table belongs to the engine (dynoxide 1.2.1). The index stops
 * its writes from becoming slower with more records; only the trim writes to the table.
 */
export interface StreamTable {
  /** A number that changes with every commit of another process to the file. */
  readonly version: () => number;
  /** The newest sequence number of a table's stream; 0 where it has no record. */
  readonly newest: (table: string) => bigint;
  /** Removes some records up to a sequence number and answers how many; 0 while the engine writes. The newest record stays, else numbers would start at 1 again. */
  readonly trim: (table: string, upTo: bigint) => number;
  readonly close: () => void;
}

/** Opens the table and makes its index; undefined when this engine has no such table. */
export function openStreamTable(path: string): StreamTable | undefined {
  const db = new DatabaseSync(path, { timeout: 1_000 });
  const known = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_stream_records'").get();
  if (known === undefined) {
    db.close();
    return undefined;
  }
  db.exec(`PRAGMA synchronous = NORMAL;
    CREATE INDEX IF NOT EXISTS x_stream_seq ON _stream_records (table_name, CAST(sequence_number AS INTEGER))`);
  // From here on it must not block the runtime: a trim is tried again later if the engine is writing.
  db.exec('PRAGMA busy_timeout = 5');
  const version = db.prepare('PRAGMA data_version');
  const newest = db.prepare(
    'SELECT MAX(CAST(sequence_number AS INTEGER)) AS newest FROM _stream_records WHERE table_name = ?',
  );
  newest.setReadBigInts(true);
  // In small pieces: the engine waits for this lock.
  const trim = db.prepare(`DELETE FROM _stream_records WHERE id IN (
    SELECT id FROM _stream_records WHERE table_name = :name
      AND CAST(sequence_number AS INTEGER) <= :upTo
      AND CAST(sequence_number AS INTEGER) <
        (SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = :name)
    ORDER BY CAST(sequence_number AS INTEGER) LIMIT 200)`);
  return {
    version: () => Number(version.get()?.data_version ?? 0),
    newest(table) {
      const found = newest.get(table)?.newest;
      return typeof found === 'bigint' ? found : 0n;
    },
    trim(name, upTo) {
      try {
        return Number(trim.run({ name, upTo }).changes);
      } catch (error) {
        if (error instanceof Error && 'errcode' in error && error.errcode === 5) return 0;
        throw error;
      }
    },
    close: () => db.close(),
  };
}
