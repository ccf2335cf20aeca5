package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.lsm.table.Compression;

/** The last level may be packed tighter than the others, by a library that need not be there. */
class BottomCompressionTest {
    private static final int KEYS = 3000;

    @TempDir
    Path directory;

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private static byte[] value(int i) {
        return ("the value of key " + i + " and some words that every value has, words " + i * 31 % 97)
                .getBytes(StandardCharsets.UTF_8);
    }

    private long fill(String name, Compression bottom) {
        LsmOptions options = LsmOptions.builder()
                .durability(Durability.NONE)
                .memtableBytes(64 << 10)
                .bottomCompression(bottom)
                .build();
        try (Lsm store = Lsm.open(directory.resolve(name), options)) {
            for (int i = 0; i < KEYS; i++) {
                store.put(key(i * 7 % KEYS), value(i * 7 % KEYS));
            }
            store.compact();
            for (int i = 0; i < KEYS; i++) {
                assertArrayEquals(value(i), store.get(key(i)));
            }
            return store.metrics().number("level.6.bytes").orElseThrow();
        }
    }

    @Test
    void theLastLevelIsPackedTighter() {
        long lz4 = fill("lz4", Compression.LZ4);
        long zstd = fill("zstd", Compression.ZSTD);
        assertTrue(zstd < lz4 * 9 / 10, zstd + " bytes, against " + lz4);
    }

    @Test
    void withoutTheLibraryItIsNamed() throws Exception {
        fill("store", Compression.ZSTD);
        URL classes = Lsm.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader bare = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            Class<?> options = bare.loadClass(LsmOptions.class.getName());
            Class<?> lsm = bare.loadClass(Lsm.class.getName());
            var open = lsm.getMethod("open", Path.class, options);
            var parse = options.getMethod("parse", Map.class);
            Object zstd = parse.invoke(null, Map.of("bottomCompression", "zstd"));
            expectNamed(() -> open.invoke(null, directory.resolve("store"), zstd));
            Object usual = parse.invoke(null, Map.of());
            Object store = open.invoke(null, directory.resolve("store"), usual);
            try {
                expectNamed(() -> lsm.getMethod("get", byte[].class).invoke(store, key(5)));
            } finally {
                lsm.getMethod("close").invoke(store);
            }
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    private static void expectNamed(Call call) {
        Throwable e = assertThrows(InvocationTargetException.class, call::run).getCause();
        assertEquals("org.mosslsm.kv.StoreOpenException", e.getClass().getName());
        assertTrue(e.getMessage().contains("com.github.luben:zstd-jni"), e.getMessage());
    }
}
