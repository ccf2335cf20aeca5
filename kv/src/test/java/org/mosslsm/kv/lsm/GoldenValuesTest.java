package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.tool.Verify;

/**
 * Files that an earlier build wrote in format version 2, with value files, are read for ever. {@code -Dgolden.update=true}
 * writes them where there are none yet.
 */
class GoldenValuesTest {
    private static final String ROOM = "/golden/format-2/";
    private static final int KEYS = 30;
    private static final LsmOptions OPTIONS =
            LsmOptions.builder().largeValueBytes(100).memtableBytes(64 << 10).build();

    @TempDir
    Path directory;

    private static byte[] key(int i) {
        return ("key/" + (100 + i)).getBytes(StandardCharsets.US_ASCII);
    }

    /** Small ones, large ones that compress, large ones that do not. */
    private static byte[] value(int i) {
        byte[] value = new byte[i % 3 == 0 ? 20 : 300];
        if (i % 3 == 1) {
            new Random(i).nextBytes(value);
        }
        value[0] = (byte) i;
        return value;
    }

    @Test
    void theStoreIsRead() throws IOException {
        for (String name : names()) {
            try (InputStream in = GoldenValuesTest.class.getResourceAsStream(ROOM + name)) {
                Files.copy(in, directory.resolve(name));
            }
        }
        assertTrue(names().stream().anyMatch(name -> name.endsWith(".val")), () -> "no value file");
        assertEquals(List.of(), Verify.store(directory).findings());
        try (Lsm store = Lsm.open(directory, OPTIONS)) {
            for (int i = 0; i < KEYS; i++) {
                assertArrayEquals(value(i), store.get(key(i)), "key " + i);
            }
            assertTrue(store.metrics().number("values.files").orElseThrow() > 0);
        }
    }

    private static List<String> names() throws IOException {
        try (InputStream in = GoldenValuesTest.class.getResourceAsStream(ROOM + "FILES")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "golden.update", matches = "true")
    void writeTheStore() throws IOException {
        Path target = Path.of("src/test/resources" + ROOM);
        assertTrue(!Files.exists(target), "committed golden files stay as they are");
        try (Lsm store = Lsm.open(directory, OPTIONS)) {
            for (int i = 0; i < KEYS; i++) {
                store.put(key(i), value(i));
            }
            store.flush();
            // Tables above the first, with value files of their own: some of its values are garbage once they are
            // merged.
            for (int round = 0; round < 3; round++) {
                store.put(key(0), value(0));
                store.put(key(1), value(1));
                store.put(key(KEYS - 1), value(KEYS - 1));
                store.flush();
            }
            store.compact();
        }
        Files.createDirectories(target);
        StringBuilder names = new StringBuilder();
        try (var files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (!name.equals("LOCK")) {
                    Files.copy(file, target.resolve(name));
                    names.append(name).append('\n');
                }
            }
        }
        Files.writeString(target.resolve("FILES"), names);
    }
}
