/**
 * Compaction: which tables to merge next, and the merge. Both are functions of an immutable version and the open
 * snapshots; when to run, in which thread, and what becomes of the result is decided by the engine above.
 *
 * <p>In: a {@code Version}, the versions open snapshots read. Out: a {@link org.mosslsm.kv.lsm.compact.Compaction}, and from
 * running it finished tables with the {@code VersionEdit} that puts them in the place of the inputs.
 */
package org.mosslsm.kv.lsm.compact;
