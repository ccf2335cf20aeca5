// A scratch file whose use is seen.
package org.mosslsm.sql.exec.spill;

import java.util.function.LongConsumer;
import org.mosslsm.kv.Store.ScratchFile;

/**
 * Says of each piece before it is written or read how many bytes are to be written, 0 for a read; what is thrown then ends
 * the work. Pieces are some kilobytes, so that no loop over a file needs a check of its own. Thread safety: none.
 */
public final class CheckedFile implements ScratchFile {
    private final ScratchFile file;
    private final LongConsumer check;

    /** The file, looked at. */
    public CheckedFile(ScratchFile file, LongConsumer check) {
        this.file = file;
        this.check = check;
    }

    @Override
    public void append(byte[] bytes, int offset, int length) {
        check.accept(length);
        file.append(bytes, offset, length);
    }

    @Override
    public void read(long position, byte[] into, int offset, int length) {
        check.accept(0);
        file.read(position, into, offset, length);
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public void close() {
        file.close();
    }
}
