package org.mosslsm.kv;

/**
 * What a reader knows about its scan beforehand. Hints change cost, never results.
 *
 * @param limit entries the reader expects to need, 0 for all: bounds read-ahead and the first batch
 * @param keysOnly whether values will not be looked at; a cursor may then deliver empty values
 * @param fillCache whether blocks read should stay in the cache; false for one-off full scans
 */
public record ScanHints(int limit, boolean keysOnly, boolean fillCache) {
    /** All entries with values, cached. */
    public static final ScanHints NONE = new ScanHints(0, false, true);

    /** Checks that the limit is not negative. */
    public ScanHints {
        if (limit < 0) {
            throw new IllegalArgumentException("limit " + limit + " is negative");
        }
    }
}
