package org.mosslsm.kv;

import java.io.IOException;

/**
 * The disk refused: a full device, a vanished file, a permission. The cause is the {@code IOException} seen.
 *
 * <p>Thrown by a write for a {@link #isDiskFull full device}, or {@link #isOutOfFiles for want of descriptors}, it says that
 * nothing of the write happened: reads go on, and the same write may be tried again when there is space, or files were closed.
 */
public final class KvIoException extends KvException {
    private static final long serialVersionUID = 1L;

    /** What the {@code Vfs} says, in whatever language the operating system said it. */
    private static final String NO_SPACE = "No space left";

    /** As above: of a process that may open no more files. */
    private static final String NO_DESCRIPTORS = "Too many open files";

    /** Wraps what the disk said; {@code message} names the file and the operation. */
    public KvIoException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the device, or what its user may have of it, is full. */
    public boolean isDiskFull() {
        return isDiskFull(getCause());
    }

    /** Whether a full device is what lies behind a failure. */
    public static boolean isDiskFull(Throwable failure) {
        return says(failure, NO_SPACE);
    }

    /** Whether the process has as many files open as it may. */
    public boolean isOutOfFiles() {
        return isOutOfFiles(getCause());
    }

    /** Whether a process that may open no more files is what lies behind a failure. */
    public static boolean isOutOfFiles(Throwable failure) {
        return says(failure, NO_DESCRIPTORS);
    }

    /** Whether what lies behind a failure passes: a full device, or a process that may open no more files. */
    public static boolean isShortage(Throwable failure) {
        return isDiskFull(failure) || isOutOfFiles(failure);
    }

    private static boolean says(Throwable failure, String phrase) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof IOException && String.valueOf(t.getMessage()).contains(phrase)) {
                return true;
            }
        }
        return false;
    }
}
