/**
 * Logs: files of records that are appended, synced, and read back once, from the front, after a start.
 *
 * <p>In: payloads of any size (commits for the write-ahead log, version edits for the manifest). Out: the same payloads
 * in the same order, up to where the log was torn by a crash; or {@link org.mosslsm.kv.CorruptionException} where bytes
 * that had been synced are damaged. The format stands in {@link org.mosslsm.kv.lsm.wal.LogFormat}.
 */
package org.mosslsm.kv.lsm.wal;
