package org.mosslsm.it.engine;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;

/** The child of {@link DescriptorLimitTest} whose application takes all descriptors there are, and gives them back. */
final class WithoutDescriptors {
    private static final Map<String, String> OPTIONS = Map.of("memtableBytes", "64k", "durability", "process");

    private WithoutDescriptors() {}

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    /** The directory of the store. */
    public static void main(String[] arguments) throws IOException {
        System.getLogger("warm").log(System.Logger.Level.INFO, "logging reads a file when it begins");
        Path directory = Path.of(arguments[0]);
        int written;
        try (Lsm store = Lsm.open(directory, LsmOptions.parse(OPTIONS))) {
            store.put(key(0), new byte[100]);
            List<FileInputStream> taken = takeAll();
            int refused = fill(store, 1);
            read(store, refused);
            for (FileInputStream file : taken) {
                file.close();
            }
            written = writeOn(store, refused);
            store.flush();
            read(store, written);
        }
        try (Lsm store = Lsm.open(directory, LsmOptions.parse(OPTIONS))) {
            read(store, written);
        }
        System.out.println("refused, read, written on, all there");
    }

    private static List<FileInputStream> takeAll() {
        List<FileInputStream> taken = new ArrayList<>();
        while (true) {
            try {
                taken.add(new FileInputStream("/dev/null"));
            } catch (IOException e) {
                return taken;
            }
        }
    }

    /** Writes until a write is refused, and returns which. */
    private static int fill(Lsm store, int from) {
        for (int i = from; i < 100_000; i++) {
            try {
                store.put(key(i), new byte[100]);
            } catch (KvIoException e) {
                if (!e.isOutOfFiles()) {
                    throw e;
                }
                return i;
            }
        }
        throw new AssertionError("no write was refused");
    }

    private static int writeOn(Lsm store, int from) {
        int next = from;
        for (int refused = 0; next < from + 5_000; ) {
            try {
                store.put(key(next), new byte[100]);
                next++;
            } catch (KvIoException e) { // of a flush that was under way when the descriptors came back
                if (!e.isOutOfFiles() || ++refused > 3) {
                    throw e;
                }
            }
        }
        return next;
    }

    private static void read(Lsm store, int count) {
        for (int i = 0; i < count; i++) {
            byte[] value = store.get(key(i));
            if (value == null || value.length != 100) {
                throw new AssertionError("key " + i);
            }
        }
        if (store.get(key(count)) != null) {
            throw new AssertionError("key " + count + " was refused");
        }
    }
}
