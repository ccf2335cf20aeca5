package org.mosslsm.kv.lsm.wal;

import java.io.IOException;

/**
 * The device is full, or no more files may be opened, and what was to be written has been taken back: nothing happened, and
 * it may be tried again.
 */
public final class LogFullException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Keeps what the disk said. */
    public LogFullException(String file, IOException cause) {
        super(file + ": " + cause.getMessage(), cause);
    }
}
