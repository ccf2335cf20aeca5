/**
 * What every room of the engine calls an entry: a user key, a trailer (sequence number and kind in one {@code long}) and
 * a value, in one order for all, and the range tombstones that travel beside the entries.
 *
 * <p>In: nothing. Out: {@link org.mosslsm.kv.lsm.entry.Trailer}, {@link org.mosslsm.kv.lsm.entry.EntryOrder}, {@link
 * org.mosslsm.kv.lsm.entry.EntryCursor}, {@link org.mosslsm.kv.lsm.entry.Fence}, {@link
 * org.mosslsm.kv.lsm.entry.RangeTombstone}, {@link org.mosslsm.kv.lsm.entry.RangeTombstones}, {@link
 * org.mosslsm.kv.lsm.entry.Stripes}.
 */
package org.mosslsm.kv.lsm.entry;
