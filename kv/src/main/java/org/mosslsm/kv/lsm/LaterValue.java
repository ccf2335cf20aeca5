package org.mosslsm.kv.lsm;

import java.util.Arrays;
import java.util.function.Supplier;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.table.TableClosedException;

/**
 * The value of an entry a cursor met, which lies in a value file and is read when somebody asks for it. What the cursor held
 * may be let go of meanwhile, and the file with it; but its snapshot is still there, so that the key is looked up again.
 *
 * <p>Thread safety: none, as its batch.
 */
final class LaterValue implements Supplier<byte[]> {
    private final StoreReads reads;
    private final LsmSnapshot snapshot;
    private final byte[] key;
    private final FoundEntry entry = new FoundEntry();

    /** @param pointer the bytes of the pointer, which stay as they are */
    LaterValue(StoreReads reads, LsmSnapshot snapshot, byte[] key, byte[] pointer, int offset, int length) {
        this.reads = reads;
        this.snapshot = snapshot;
        this.key = key;
        entry.set(0, pointer, offset, length);
    }

    @Override
    public byte[] get() {
        try {
            reads.values().read(entry);
        } catch (TableClosedException e) {
            snapshot.checkOpen();
            byte[] value = reads.points().get(key, snapshot.version());
            if (value == null) {
                CorruptionException damage = new CorruptionException(e.getMessage(), -1, "an entry leads to this file");
                damage.addSuppressed(e);
                throw damage;
            }
            return value;
        }
        int from = entry.valueOffset();
        return from == 0 && entry.valueLength() == entry.valueArray().length
                ? entry.valueArray()
                : Arrays.copyOfRange(entry.valueArray(), from, from + entry.valueLength());
    }
}
