/**
 * The engine beside RocksDB, LevelDB in Java, MVStore and LMDB, in the manner of db_bench. One {@link
 * org.mosslsm.it.bench.kv.KvEngine} a peer, one class a group of rows, {@link org.mosslsm.it.bench.kv.KvBench} runs them.
 * The peers that the tests do not need live in {@code src/bench} and are compiled by the profile {@code bench-kv} alone.
 */
package org.mosslsm.it.bench.kv;
