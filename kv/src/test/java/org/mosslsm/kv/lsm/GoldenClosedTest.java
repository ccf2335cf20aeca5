package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.tool.Verify;

/**
 * Files that an earlier build wrote in format version 3, where a close says how far the logs go, are read for ever.
 * {@code -Dgolden.update=true} writes them where there are none yet. Stores of older versions change to the newest one when
 * they are closed with writes in a log.
 */
class GoldenClosedTest {
    private static final String ROOM = "/golden/format-3/";
    private static final int KEYS = 20;

    @TempDir
    Path directory;

    private static byte[] key(int i) {
        return ("key/" + (100 + i)).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] value(int i) {
        return ("value of " + i).getBytes(StandardCharsets.US_ASCII);
    }

    private void copy(String room, List<String> names) throws IOException {
        for (String name : names) {
            try (InputStream in = GoldenClosedTest.class.getResourceAsStream(room + name)) {
                Files.copy(in, directory.resolve(name));
            }
        }
    }

    private static List<String> names() throws IOException {
        try (InputStream in = GoldenClosedTest.class.getResourceAsStream(ROOM + "FILES")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
    }

    private String format() throws IOException {
        return Files.readAllLines(directory.resolve("CURRENT")).get(0);
    }

    @Test
    void theStoreIsRead() throws IOException {
        copy(ROOM, names());
        assertEquals("mosslsm store format 3", format());
        assertEquals(List.of(), Verify.store(directory).findings());
        try (Lsm store = Lsm.open(directory, LsmOptions.defaults())) {
            for (int i = 0; i < KEYS; i++) {
                assertArrayEquals(value(i), store.get(key(i)), "key " + i);
            }
        }
    }

    @Test
    void theCloseIsStillKnown() throws IOException {
        copy(ROOM, names());
        String log =
                names().stream().filter(n -> n.endsWith(".wal")).findFirst().orElseThrow();
        byte[] content = Files.readAllBytes(directory.resolve(log));
        Files.write(directory.resolve(log), Arrays.copyOf(content, content.length / 2));
        CorruptionException e =
                assertThrows(CorruptionException.class, () -> Lsm.open(directory, LsmOptions.defaults()));
        assertEquals(log, e.file());
    }

    @Test
    void anOlderStoreChangesWithTheFirstCloseThatHasSomethingToSay() throws IOException {
        copy("/golden/format-1/", List.of("CURRENT", "MANIFEST-000001", "000002.sst", "000003.sst", "000004.wal"));
        Lsm.open(directory, LsmOptions.defaults()).close();
        byte[] extra = {1, 2, 3};
        try (Lsm store = Lsm.open(directory, LsmOptions.defaults())) {
            store.put(extra, extra);
        }
        assertEquals("mosslsm store format 3", format());
        assertEquals(List.of(), Verify.store(directory).findings());
        try (Lsm store = Lsm.open(directory, LsmOptions.defaults())) {
            assertArrayEquals(extra, store.get(extra));
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "golden.update", matches = "true")
    void writeTheStore() throws IOException {
        Path target = Path.of("src/test/resources" + ROOM);
        assertTrue(!Files.exists(target), "committed golden files stay as they are");
        try (Lsm store = Lsm.open(directory, LsmOptions.defaults())) {
            for (int i = 0; i < KEYS; i++) {
                store.put(key(i), value(i));
                if (i == KEYS / 2) {
                    store.flush();
                }
            }
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
