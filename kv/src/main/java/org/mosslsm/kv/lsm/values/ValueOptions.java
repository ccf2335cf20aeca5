package org.mosslsm.kv.lsm.values;

import org.mosslsm.kv.lsm.table.Compression;

/**
 * How values are kept apart.
 *
 * @param threshold length from which on a value goes into a value file, in bytes; 0 keeps all values in the tables
 * @param compression of each value, where it saves at least an eighth
 * @param fileBytes size at which a value file is ended, in bytes: small ones give their room back sooner, large ones are
 *     fewer
 */
public record ValueOptions(int threshold, Compression compression, long fileBytes) {
    /** All values stay in the tables. */
    public static final ValueOptions OFF = new ValueOptions(0, Compression.NONE, 64L << 20);
}
