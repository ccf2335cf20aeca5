package org.mosslsm.it.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;
import org.mosslsm.kv.tool.Verify;

/**
 * A device of a few megabytes that an application fills up again and again, while the log is written by mapped memory: writes are
 * refused and go on, and what a kill would leave is all that was acknowledged. Skipped where no device can be mounted, as without
 * root, unless {@code -Ddevice.required=true} says that there must be one.
 */
class FullDeviceTest {
    private static final Map<String, String> OPTIONS = Map.of("memtableBytes", "1m", "durability", "process");
    private static final int ROUNDS = Integer.getInteger("device.rounds", 4);
    private static final int KEYS = 1_000;

    private final long seed = Long.getLong("device.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** The newest value of each key is made of this number. */
    private final Map<Integer, Long> versions = new HashMap<>();

    @Test
    void aMappedLogOnADeviceThatFillsUpLosesNothing(@TempDir Path directory) throws Exception {
        System.out.println("FullDeviceTest seed " + seed);
        Path device = Files.createDirectory(directory.resolve("device"));
        needs(Files.isRegularFile(Path.of("/proc/self/maps")), "nothing tells what is mapped");
        needs(run("mount", "-t", "tmpfs", "-o", "size=16m", "mosslsm-test", device.toString()), "cannot mount");
        try {
            fillAndFree(device, directory);
        } finally {
            assertTrue(run("umount", "-l", device.toString()), "left mounted: " + device);
        }
    }

    private static void needs(boolean there, String otherwise) {
        if (Boolean.getBoolean("device.required")) {
            assertTrue(there, otherwise);
        }
        assumeTrue(there, otherwise);
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    private void fillAndFree(Path device, Path directory) throws IOException {
        Path store = device.resolve("store");
        Path ballast = device.resolve("ballast");
        int refused = 0;
        try (Lsm lsm = Lsm.open(store, LsmOptions.parse(OPTIONS))) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < 2_000 || !isMapped(store); i++) {
                    assertTrue(i < 20_000, "the log is not mapped");
                    put(lsm);
                }
                fill(ballast);
                refused += putUntilRefused(lsm);
                check(lsm);
                Path killed = directory.resolve("killed-" + round);
                copyStill(store, killed);
                checkStore(killed);
                Files.delete(ballast);
                putAtLast(lsm);
            }
            lsm.flush();
            check(lsm);
        }
        assertEquals(ROUNDS, refused);
        checkStore(store);
    }

    /** Whether a log is mapped now. */
    private static boolean isMapped(Path store) throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.anyMatch(line -> line.contains(store.toString()) && line.contains(".wal"));
        }
    }

    private byte[] value(int key) {
        Random bytes = new Random(versions.get(key));
        byte[] value = new byte[10 + bytes.nextInt(2_000)];
        bytes.nextBytes(value);
        return value;
    }

    private static byte[] key(int key) {
        return ByteBuffer.allocate(4).putInt(key).array();
    }

    private void put(Lsm lsm) {
        int key = random.nextInt(KEYS);
        Long before = versions.put(key, random.nextLong());
        boolean done = false;
        try {
            lsm.put(key(key), value(key));
            done = true;
        } finally {
            if (!done && before == null) {
                versions.remove(key);
            } else if (!done) {
                versions.put(key, before);
            }
        }
    }

    private int putUntilRefused(Lsm lsm) {
        for (int i = 0; i < 100_000; i++) {
            try {
                put(lsm);
            } catch (KvIoException e) {
                assertTrue(e.isDiskFull(), () -> "seed " + seed + ": " + e);
                return 1;
            }
        }
        return 0;
    }

    /** A flush that was under way when there was space again may still refuse a write. */
    private void putAtLast(Lsm lsm) {
        for (int tries = 1; ; tries++) {
            try {
                put(lsm);
                return;
            } catch (KvIoException e) {
                assertTrue(e.isDiskFull() && tries < 4, () -> "seed " + seed + ": " + e);
            }
        }
    }

    private static void fill(Path ballast) throws IOException {
        try (OutputStream out = Files.newOutputStream(ballast)) {
            byte[] piece = new byte[4096];
            while (true) {
                try {
                    out.write(piece);
                } catch (IOException full) {
                    return;
                }
            }
        }
    }

    private void check(Lsm lsm) {
        for (int key = 0; key < KEYS; key++) {
            byte[] expected = versions.containsKey(key) ? value(key) : null;
            int shown = key;
            assertArrayEquals(expected, lsm.get(key(key)), () -> "key " + shown + ", seed " + seed);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.isDirectory(to)) {
            try (Stream<Path> old = Files.list(to)) {
                for (Path file : old.toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(to);
        for (String name : sizes(from).keySet()) {
            try {
                Files.copy(from.resolve(name), to.resolve(name));
            } catch (NoSuchFileException gone) {
                return; // then the sizes are others, too
            }
        }
    }

    /** As a kill would leave it: copied while nothing changes. */
    private static void copyStill(Path from, Path to) throws IOException {
        Map<String, Long> before = Map.of();
        for (int tries = 0; tries < 1_000; tries++) {
            copy(from, to);
            Map<String, Long> after = sizes(from);
            if (after.equals(before)) {
                return;
            }
            before = after;
        }
        throw new AssertionError("the store never stands still");
    }

    private static Map<String, Long> sizes(Path directory) throws IOException {
        Map<String, Long> sizes = new HashMap<>();
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.toList()) {
                sizes.put(file.getFileName().toString(), Files.exists(file) ? Files.size(file) : -1);
            }
        }
        return sizes;
    }

    private void checkStore(Path store) throws IOException {
        try (Lsm lsm = Lsm.open(store, LsmOptions.parse(OPTIONS))) {
            check(lsm);
        }
        assertTrue(Verify.store(store).ok(), () -> "seed " + seed);
    }
}
