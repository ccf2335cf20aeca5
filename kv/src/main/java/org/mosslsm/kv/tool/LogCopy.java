package org.mosslsm.kv.tool;

import java.io.IOException;
import org.mosslsm.kv.lsm.wal.LogWriter;
import org.mosslsm.kv.vfs.Vfs;

/** Copies records into a new log, which is ended cleanly. */
final class LogCopy implements LogScan.Visitor {
    private final LogWriter writer;

    /** @param number the log number the records are bound to: that of the name the file gets in the end */
    LogCopy(Vfs vfs, String name, long number) throws IOException {
        writer = LogWriter.create(vfs, name, number);
    }

    @Override
    public void batch(long firstSeq, byte[] array, int offset, int length) throws IOException {
        writer.append(array, offset, length);
    }

    void finish() throws IOException {
        writer.finish();
    }
}
