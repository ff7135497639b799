// What lies in the engine's own table of stream records? Keeps it fast and small, and says what is newest without a call.
import { DatabaseSync } from 'node:sqlite';

/**
 * The engine's stream table, seen through its SQLite file. The table belongs to the engine (dynoxide 1.2.1): the index is what
 * keeps its writes from slowing down as records pile up, and nothing but the trim writes to it.
 */
export interface StreamTable {
  /** A number that differs after anybody else's commit to the file. */
  readonly version: () => number;
  /** The newest sequence number of a table's stream; 0 where it has no record. */
  readonly newest: (table: string) => bigint;
  /** Removes some records up to a sequence number, never the newest: numbering would start again at 1. Answers how many: none when the engine is writing. */
  readonly trim: (table: string, upTo: bigint) => number;
  readonly close: () => void;
}

/** Opens it, with its index; undefined when this engine keeps no such table. */
export function openStreamTable(path: string): StreamTable | undefined {
  const db = new DatabaseSync(path, { timeout: 1_000 });
  const known = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_stream_records'").get();
  if (known === undefined) {
    db.close();
    return undefined;
  }
  db.exec(`PRAGMA synchronous = NORMAL;
    CREATE INDEX IF NOT EXISTS x_stream_seq ON _stream_records (table_name, CAST(sequence_number AS INTEGER))`);
  // From here on it must not hold up the runtime: a trim that finds the engine writing comes again.
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
