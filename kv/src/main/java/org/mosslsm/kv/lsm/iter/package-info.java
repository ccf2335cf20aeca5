/**
 * From many sorted sources to what one snapshot sees: merging, range tombstones, newest visible versions, bounds.
 *
 * <p>In: cursors over memtables, tables and levels, range tombstones, a snapshot's sequence number. Out: {@link
 * org.mosslsm.kv.lsm.iter.MergingCursor} (every version, for compactions) and {@link
 * org.mosslsm.kv.lsm.iter.VisibleCursor} (one entry a key, for readers).
 */
package org.mosslsm.kv.lsm.iter;
