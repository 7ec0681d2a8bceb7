/**
 * A folder of files that outlive a crash, as a port. What was appended may be lost until `sync` has resolved; whatever
 * was there when it resolved is there after a power cut. Real files are in workflow/files/durable-folder.ts; a
 * simulation keeps texts in memory, and a crash of it drops what was not synced and frees every lock.
 *
 * Names are plain file names. Every call may reject with a system error (`code`: EACCES, ENOSPC, EROFS, …): whoever
 * must not write without its record does not write then.
 */
export interface DurableFolder {
  /** Names of the files, in no order; none when the folder does not exist. Locks are not among them. */
  list(): Promise<readonly string[]>;
  /** The lines of a file without their line feeds, one at a time; undefined when there is no such file. */
  lines(name: string): Promise<AsyncIterable<string> | undefined>;
  /** A new, empty file, whose name itself is synced. Rejects with EEXIST when there is one. */
  create(name: string): Promise<DurableFile>;
  /** An existing file, to be continued at its end. Rejects with ENOENT when there is none. */
  open(name: string): Promise<DurableFile>;
  /** Nothing happens when there is no such file. */
  remove(name: string): Promise<void>;
  /** Holds a name for this process until the handle is released, or the process is gone; undefined when a living one holds it. */
  lock(name: string): Promise<DurableLock | undefined>;
}

/** A file that grows at its end. */
export interface DurableFile {
  append(text: string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface DurableLock {
  release(): Promise<void>;
}
