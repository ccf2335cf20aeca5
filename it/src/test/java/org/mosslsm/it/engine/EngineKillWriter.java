package org.mosslsm.it.engine;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;

/**
 * The child of {@link EngineKillTest}: commits numbered batches until it is killed, and says so after each.
 *
 * <p>Commit {@code n} puts {@code n} under the two keys of its slot and under "newest"; the memtable is tiny, so that
 * flushes and compactions go on all the time; or, as "mapped", so large that most of a log is written by mapped memory.
 */
final class EngineKillWriter {
    static final int SLOTS = 500;

    private EngineKillWriter() {}

    public static void main(String[] args) {
        Durability durability =
                switch (args[1]) {
                    case "sync" -> Durability.SYNC;
                    case "process", "mapped" -> Durability.PROCESS;
                    case "interval" -> Durability.interval(5);
                    default -> Durability.NONE;
                };
        try (Lsm store = Lsm.open(Path.of(args[0]), LsmOptions.parse(options(args[1])))) {
            byte[] newest = store.get(newest());
            for (int n = newest == null ? 1 : ByteBuffer.wrap(newest).getInt() + 1; ; n++) {
                WriteBatch batch = new WriteBatch()
                        .put(key(n, 0), value(n))
                        .put(key(n, 1), value(n))
                        .put(newest(), value(n));
                store.commit(CommitRequest.of(batch, durability));
                System.out.println("ack " + n);
                System.out.flush();
            }
        }
    }

    static Map<String, String> options(String durability) {
        return Map.of("memtableBytes", durability.equals("mapped") ? "2m" : "32k", "cacheBytes", "1m");
    }

    static byte[] newest() {
        return new byte[] {'n'};
    }

    static byte[] key(int n, int side) {
        return ByteBuffer.allocate(6)
                .put((byte) 'k')
                .putInt(n % SLOTS)
                .put((byte) side)
                .array();
    }

    /** The number, and bytes that fill memtables. */
    static byte[] value(int n) {
        return ByteBuffer.allocate(100).putInt(n).array();
    }
}
