/**
 * Which files make up the store: the tables of each level, the logs still needed, and the counters.
 *
 * <p>In: {@link org.mosslsm.kv.lsm.version.VersionEdit}s, one a flush or compaction. Out: immutable {@link
 * org.mosslsm.kv.lsm.version.Version}s, in memory and, as a log of the edits, in the manifest that {@code CURRENT} names.
 * {@link org.mosslsm.kv.lsm.version.VersionSet} is the door: it recovers, installs, counts who still reads what, and
 * deletes a file when nobody does.
 */
package org.mosslsm.kv.lsm.version;
