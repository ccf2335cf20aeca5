package org.mosslsm.it.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;

/** A process that may have few descriptors opens a store of more tables, reads all of it, and writes on. */
class DescriptorLimitTest {
    static final int DESCRIPTORS = 200;
    private static final int TABLES = 250;
    private static final Map<String, String> OPTIONS =
            Map.of("memtableBytes", "64k", "cacheBytes", "256k", "durability", "process");

    static byte[] key(int table, int entry) {
        return ByteBuffer.allocate(8).putInt(table).putInt(entry).array();
    }

    @Test
    void storeOfMoreTablesThanDescriptorsIsReadAndWritten(@TempDir Path directory) throws Exception {
        Path store = directory.resolve("store");
        try (Lsm lsm = Lsm.open(store, LsmOptions.parse(OPTIONS))) {
            for (int table = 0; table < TABLES; table++) {
                try (BulkLoad load = lsm.bulkLoad(
                        KeyRange.prefix(ByteBuffer.allocate(4).putInt(table).array()))) {
                    for (int entry = 0; entry < 10; entry++) {
                        load.add(key(table, entry), key(entry, table));
                    }
                    load.publish();
                }
            }
        }
        try (var files = Files.list(store)) {
            long tables = files.filter(file -> file.toString().endsWith(".sst")).count();
            assertTrue(tables > DESCRIPTORS, tables + " tables");
        }
        assertEquals("read " + 2 * TABLES * 10, run(classPath(), Child.class, store));
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Runs a process that may have so many descriptors, and returns what it said. */
    private static String run(String classPath, Class<?> main, Path directory) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no shell to lower the limit with");
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -n " + DESCRIPTORS + " && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-ea",
                        "-cp",
                        classPath,
                        main.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        process.getInputStream().transferTo(said);
        String output = said.toString(StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.strip();
    }

    @Test
    void statementsThatOutgrowTheirMemoryAreAnswered(@TempDir Path directory) throws Exception {
        assertEquals("sorted, joined, flushed", run(classPath(), SpillingStatements.class, directory.resolve("db")));
    }

    @Test
    void aProcessWithoutDescriptorsWritesOnWhenItHasSomeAgain(@TempDir Path directory) throws Exception {
        // A class in a directory is opened when it is first used.
        String classPath = inJar(directory.resolve("child.jar"), WithoutDescriptors.class)
                + File.pathSeparator
                + inJar(directory.resolve("engine.jar"), Lsm.class);
        String output = run(classPath, WithoutDescriptors.class, directory.resolve("store"));
        assertTrue(output.endsWith("refused, read, written on, all there"), output);
    }

    /** The jar that the class is in; made of its directory where it is in none. */
    private static Path inJar(Path jar, Class<?> one) throws Exception {
        Path from =
                Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (!Files.isDirectory(from)) {
            return from;
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> all = Files.walk(from)) {
            for (Path file : all.filter(f -> f.toString().endsWith(".class")).toList()) {
                out.putNextEntry(new ZipEntry(from.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    /** Reads each entry twice, at random and in order, and overwrites some until there are flushes and compactions. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            int read = 0;
            try (Lsm store = Lsm.open(Path.of(arguments[0]), LsmOptions.parse(OPTIONS))) {
                Random random = new Random(7);
                List<Integer> order = new ArrayList<>();
                for (int i = 0; i < TABLES * 10; i++) {
                    order.add(i);
                }
                for (int round = 0; round < 2; round++) {
                    for (int i : order) {
                        byte[] value = store.get(key(i / 10, i % 10));
                        if (ByteBuffer.wrap(value).getInt() != i % 10) {
                            throw new AssertionError("entry " + i);
                        }
                        read++;
                    }
                    Collections.shuffle(order, random);
                }
                for (int i = 0; i < 5_000; i++) {
                    store.put(key(random.nextInt(TABLES), 100 + i), new byte[200]);
                }
                store.flush();
                store.compact();
            }
            System.out.println("read " + read);
        }
    }
}
