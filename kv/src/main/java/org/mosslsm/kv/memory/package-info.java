/**
 * The in-memory store: the plain model of the seam, and a store for tests and caches that need no disk.
 *
 * <p>In: everything the seam of package {@code kv} asks. Out: the same answers as the embedded engine gives, from code
 * simple enough to be the oracle of its tests. Correct above all; nothing here survives the process.
 */
package org.mosslsm.kv.memory;
