/**
 * The embedded engine: an ordered store in one directory, as a log-structured merge tree.
 *
 * <p>In: a directory (through {@code kv.vfs}), options, commits. Out: snapshots and cursors of the seam ({@code kv}).
 */
package org.mosslsm.kv.lsm;
