package org.mosslsm.kv;

/** The disk refused: a full device, a vanished file, a permission. The cause is the {@code IOException} seen. */
public final class KvIoException extends KvException {
    private static final long serialVersionUID = 1L;

    /** Wraps what the disk said; {@code message} names the file and the operation. */
    public KvIoException(String message, Throwable cause) {
        super(message, cause);
    }
}
