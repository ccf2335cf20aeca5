package org.mosslsm.kv;

/** A commit was refused because another one came first; nothing of it was applied, and it may be tried again. */
public final class ConflictException extends KvException {
    private static final long serialVersionUID = 1L;

    /** What stood in the way. */
    public enum Reason {
        /** A key that must be absent exists. */
        KEY_EXISTS,
        /** A key that must be unchanged has a newer commit. */
        KEY_CHANGED,
        /** A range that must be unchanged has a newer commit. */
        RANGE_CHANGED
    }

    private final Reason reason;
    private final transient byte[] key;

    /**
     * Names the conflict.
     *
     * @param key the key that conflicts; for a range, its lower bound
     */
    public ConflictException(Reason reason, byte[] key) {
        super("commit conflict: " + reason + " (" + key.length + "-byte key)", null);
        this.reason = reason;
        this.key = key.clone();
    }

    /** What stood in the way. */
    public Reason reason() {
        return reason;
    }

    /** The key that conflicts (for a range, its lower bound); empty after deserialisation. */
    public byte[] key() {
        return key == null ? new byte[0] : key.clone();
    }
}
