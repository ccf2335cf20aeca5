/**
 * The one door to the disk: everything the engine keeps goes through a {@link org.mosslsm.kv.vfs.Vfs}, so that tests can
 * put a disk behind it that crashes or fails, and later layers (encryption) have one place to stand.
 *
 * <p>In: names of files within one directory, bytes. Out: the same bytes, {@code IOException}s, and {@link
 * org.mosslsm.kv.StoreOpenException} where the directory is locked. {@link org.mosslsm.kv.vfs.OsVfs} is the real one.
 */
package org.mosslsm.kv.vfs;
