package org.mosslsm.kv.txn;

import org.mosslsm.kv.KvException;

/** A transaction could not go on, for a reason that is not the store's. The kind tells what the caller can do. */
public final class TransactionException extends KvException {
    private static final long serialVersionUID = 1L;

    /** Why the transaction could not go on. */
    public enum Kind {
        /** Waiting would have closed a cycle of waits. Roll the transaction back and try it again. */
        DEADLOCK,
        /** A lock was not to be had in time. The transaction goes on; the statement may be tried again. */
        LOCK_TIMEOUT,
        /** Another transaction changed what this one read or wrote. Roll back and try again. */
        SERIALIZATION,
        /** The thread was interrupted while it waited; its interrupt status is set. The transaction goes on. */
        INTERRUPTED,
        /** {@link Transaction#cancel} was called. The transaction goes on. */
        CANCELLED,
        /** The transaction was used after its commit or rollback. */
        FINISHED,
        /** The store cannot give what was asked for, for example SERIALIZABLE. */
        UNSUPPORTED,
        /** The writes of the transaction take all the memory they may. It goes on, without the write refused. */
        TOO_LARGE
    }

    private final Kind kind;

    /** Says what happened; {@code cause} is {@code null} where there is none. */
    public TransactionException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Why the transaction could not go on. */
    public Kind kind() {
        return kind;
    }
}
