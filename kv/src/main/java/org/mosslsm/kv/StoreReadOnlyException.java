package org.mosslsm.kv;

/**
 * The store takes no more writes, because an earlier write or sync failed in a way that leaves the log's end unknown, or
 * because it was opened read-only. Reads go on. The cause is the first failure; reopening the store clears it.
 */
public final class StoreReadOnlyException extends KvException {
    private static final long serialVersionUID = 1L;

    /** Keeps the first failure as cause ({@code null} for a store opened read-only). */
    public StoreReadOnlyException(String message, Throwable cause) {
        super(message, cause);
    }
}
