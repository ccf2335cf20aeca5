package org.mosslsm.kv;

/** A store could not be opened, for a reason the user can act on. */
public final class StoreOpenException extends KvException {
    private static final long serialVersionUID = 1L;

    /** Why the store could not be opened. */
    public enum Reason {
        /** Another process or another store object of this process holds it; the message names the holder. */
        LOCKED,
        /** The location holds something that is not a store, or a store whose manifest is gone. */
        NOT_A_STORE,
        /** The location does not exist and may not be created. */
        MISSING,
        /** The store was written by a newer version of the format than this one reads. */
        NEWER_FORMAT,
        /** No provider knows the location, or an option is unknown or has an unusable value. */
        UNSUPPORTED
    }

    private final Reason reason;

    /** Says what is wrong with the location and what to do. */
    public StoreOpenException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why the store could not be opened. */
    public Reason reason() {
        return reason;
    }
}
