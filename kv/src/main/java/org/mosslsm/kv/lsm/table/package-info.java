/**
 * The SSTable: an immutable, sorted, checksummed file of entries and range tombstones.
 *
 * <p>In: entries in order, through {@link org.mosslsm.kv.lsm.table.TableBuilder}, from a flush or a compaction. Out: point
 * lookups and cursors through {@link org.mosslsm.kv.lsm.table.TableReader}, range tombstones, and the table's {@link
 * org.mosslsm.kv.lsm.table.TableProperties}. Blocks read stay in one {@link org.mosslsm.kv.lsm.table.BlockCache} shared by
 * all tables of a store.
 *
 * <p>Every byte read from disk was checksummed together with the file's number and its place in the file; what does not
 * match is a {@link org.mosslsm.kv.CorruptionException}, never data. Every length is checked against what is left before
 * anything is allocated for it.
 */
package org.mosslsm.kv.lsm.table;
