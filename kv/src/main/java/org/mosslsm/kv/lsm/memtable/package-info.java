/**
 * The newest writes, sorted in memory: an arena skip list for points and a small sorted structure for range tombstones.
 *
 * <p>In: entries from the one thread that holds the commit lock. Out: point reads and {@link
 * org.mosslsm.kv.lsm.memtable.MemTableCursor}s for any thread, without locks.
 */
package org.mosslsm.kv.lsm.memtable;
