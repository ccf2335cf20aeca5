/**
 * Tools for stores that are closed: verify, dump, repair, statistics.
 *
 * <p>In: a directory. Out: reports as records, text for people. Each takes the lock of the store for as long as it works;
 * a store that is open is verified through a checkpoint of it. Only {@link org.mosslsm.kv.tool.Repair} writes.
 */
package org.mosslsm.kv.tool;
