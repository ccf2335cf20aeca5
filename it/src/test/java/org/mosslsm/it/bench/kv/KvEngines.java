package org.mosslsm.it.bench.kv;

import java.util.List;
import java.util.Map;

/** The engines by name. Those of {@code src/bench} are looked up by class name: the test build does not have them. */
final class KvEngines {
    /** In the order of the table's columns. */
    static final List<String> NAMES = List.of("moss", "rocksdb", "leveldb", "mvstore", "lmdb");

    private static final Map<String, String> CLASSES = Map.of(
            "moss", "MossKv",
            "rocksdb", "RocksKv",
            "leveldb", "LevelDbKv",
            "mvstore", "MvStoreKv",
            "lmdb", "LmdbKv");

    private KvEngines() {}

    static KvEngine open(String name, KvEngine.Settings settings) throws Exception {
        String simple = CLASSES.get(name);
        if (simple == null) {
            throw new IllegalArgumentException("engines are " + NAMES + ", not " + name);
        }
        Class<?> type = Class.forName(KvEngines.class.getPackageName() + "." + simple);
        return (KvEngine) type.getDeclaredConstructor(KvEngine.Settings.class).newInstance(settings);
    }
}
