package org.mosslsm.kv;

/**
 * Root of what a store throws. Unchecked, because every call on a store may fail and few callers can do more than
 * report it; the message says what happened, where, and what the caller can do.
 */
public abstract class KvException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Keeps message and cause ({@code null} where there is none). */
    protected KvException(String message, Throwable cause) {
        super(message, cause);
    }
}
