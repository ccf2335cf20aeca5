package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.version.Manifests;
import org.mosslsm.kv.lsm.wal.LogReader;
import org.mosslsm.kv.lsm.wal.LogWriter;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Repair;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * Whole files and records of random and changed bytes: logs, manifests, version edits, CURRENT, batches. Decoders end with
 * a result or a typed error; so do the tools that read what opening refuses. {@code -Dseed=} repeats a run, {@code
 * -Dfuzz.rounds=} lengthens it.
 */
class StoreDecoderFuzzTest {
    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 1_500);

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int refused;
    private int read;

    private interface Attempt {
        void run() throws IOException;
    }

    private void attempt(Attempt attempt) {
        try {
            attempt.run();
            read++;
        } catch (CorruptionException | StoreOpenException e) {
            refused++;
        } catch (IOException | RuntimeException | Error e) {
            throw new AssertionError("-Dseed=" + seed + " after " + (read + refused) + " attempts: " + e, e);
        }
    }

    private byte[] changed(byte[] good) {
        byte[] bytes = good.clone();
        for (int n = random.nextInt(4); n >= 0 && bytes.length > 0; n--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 30));
                case 1 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(9)), (byte) 0xFF);
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(9)), (byte) 0);
                default -> bytes[at] = (byte) random.nextInt();
            }
        }
        return bytes;
    }

    private byte[] noise(int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void write(MemVfs disk, String name, byte[] bytes) throws IOException {
        try (WritableFile file = disk.create(name)) {
            file.append(bytes, 0, bytes.length);
            file.sync();
        }
        disk.syncDir();
    }

    private static MemVfs store() {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, Ledger.OPTIONS)) {
            Ledger ledger = new Ledger(20);
            ledger.run(store, 1, 20);
        }
        return disk;
    }

    @Test
    void logsEndOrAreRefused() throws IOException {
        MemVfs disk = new MemVfs();
        LogWriter writer = LogWriter.create(disk, "000007.wal", 7);
        for (int i = 0; i < 20; i++) {
            byte[] record = new byte[i * 40];
            writer.append(record, 0, record.length);
        }
        writer.append(new byte[70_000], 0, 70_000);
        writer.finish();
        byte[] good = disk.content("000007.wal");
        for (int round = 0; round < ROUNDS / 10; round++) {
            write(disk, "000007.wal", round % 4 == 0 ? noise(70_000) : changed(good));
            attempt(() -> {
                try (LogReader log = LogReader.open(disk, "000007.wal", 7)) {
                    while (log.next()) {
                        assertTrue(log.length() <= good.length);
                    }
                }
            });
        }
        assertTrue(read > 0 && refused > 0, read + " read, " + refused + " refused");
    }

    @Test
    void batchesAndVersionEdits() {
        WriteBatch batch = new WriteBatch().put(new byte[] {1}, new byte[40]).delete(new byte[] {2});
        batch.deleteRange(new byte[] {3}, new byte[] {4});
        batch.seal(77);
        byte[] good = Arrays.copyOf(batch.array(), batch.byteSize());
        byte[] edit = {1, 1, 2, 5, 3, 9, 4, 100, 5, 2, 7, 6, 3, 8, 100, 1, 'a', 1, 'b', 0, 1, 2, 3, 0, 0, 50, 60};
        Manifests.decode(edit, "MANIFEST-000001");
        for (int round = 0; round < 20 * ROUNDS; round++) {
            byte[] bytes = round % 4 == 0 ? noise(100) : changed(round % 2 == 0 ? good : edit);
            attempt(() -> Manifests.decode(bytes, "MANIFEST-000001"));
            try {
                WriteBatch.decode(
                        bytes,
                        0,
                        bytes.length,
                        new BatchInserter(
                                new org.mosslsm.kv.lsm.memtable.MemTable(), new DeadRunScout("scout", null), 1));
            } catch (IllegalArgumentException e) {
                refused++; // what the log reader turns into a CorruptionException
            }
        }
        assertTrue(read > 0 && refused > 0, read + " read, " + refused + " refused");
    }

    @Test
    void storesWithAnyFileChangedOpenOrAreRefusedAndToolsReadThem() throws IOException {
        MemVfs good = store();
        List<String> names = new ArrayList<>(good.list());
        names.remove("LOCK");
        for (int round = 0; round < ROUNDS / 5; round++) {
            MemVfs disk = good.killClone();
            String name = names.get(random.nextInt(names.size()));
            write(disk, name, round % 4 == 0 ? noise(5000) : changed(disk.content(name)));
            attempt(() -> Lsm.open(disk.killClone(), Ledger.OPTIONS).close());
            attempt(() -> Verify.store(disk));
            attempt(() -> {
                Repair.store(disk);
                Lsm.open(disk, Ledger.OPTIONS).close(); // whatever it was, now it opens
            });
        }
        assertTrue(read > 0 && refused > 0, read + " read, " + refused + " refused");
    }

    @Test
    void currentIsTextOrRefused() throws IOException {
        MemVfs disk = store();
        byte[] good = disk.content("CURRENT");
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = round % 4 == 0
                    ? noise(300)
                    : round % 4 == 1
                            ? ("mosslsm store format " + "9".repeat(random.nextInt(30)) + "\n")
                                    .getBytes(StandardCharsets.US_ASCII)
                            : changed(good);
            write(disk, "CURRENT", bytes);
            attempt(() -> Manifests.current(disk));
        }
        assertTrue(refused > ROUNDS / 2, read + " read, " + refused + " refused");
    }
}
