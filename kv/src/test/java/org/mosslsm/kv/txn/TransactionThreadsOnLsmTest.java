package org.mosslsm.kv.txn;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;

/** The same on the engine, with a memtable so small that it is flushed meanwhile. */
class TransactionThreadsOnLsmTest extends TransactionThreadsTest {
    @TempDir
    Path directory;

    @Override
    Store open() {
        return StoreProvider.openStore(directory.resolve("db").toString(), Map.of("memtableBytes", "65536"));
    }
}
