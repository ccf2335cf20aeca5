package org.mosslsm.kv;

/** The store, snapshot or cursor was used after its {@code close}. */
public final class StoreClosedException extends KvException {
    private static final long serialVersionUID = 1L;

    /** Names the closed object. */
    public StoreClosedException(String what) {
        super(what + " is closed", null);
    }
}
