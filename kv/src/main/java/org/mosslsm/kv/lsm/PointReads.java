package org.mosslsm.kv.lsm;

import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.table.BloomFilter;
import org.mosslsm.kv.lsm.table.TableClosedException;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.TableCache;
import org.mosslsm.kv.lsm.version.ValueFiles;
import org.mosslsm.kv.lsm.version.Version;

/**
 * Looks up single keys: source by source, newest first, and stops at the first that knows the key, because what older
 * sources hold of it is older (invariant 1 of {@link ReadState}). No cursor, no reference count, no copy but the value.
 *
 * <p>Thread-safe.
 */
final class PointReads {
    private static final long NOTHING = -1;

    private final ReadStates states;
    private final TableCache tables;
    private final ValueFiles values;
    private final Health health;

    PointReads(ReadStates states, TableCache tables, ValueFiles values, Health health) {
        this.values = values;
        this.states = states;
        this.tables = tables;
        this.health = health;
    }

    /** The value the key has at {@code seq}, which the caller has registered as a snapshot; null where it has none. */
    byte[] get(byte[] key, long seq) {
        FoundEntry found = new FoundEntry();
        return hasValue(newest(key, seq, found, true)) ? valueCopy(found) : null;
    }

    /** As {@link #get} for each key; looks at one state, so that its tables and blocks are found while they are near. */
    List<byte[]> getAll(List<byte[]> keys, long seq) {
        byte[][] all = new byte[keys.size()][];
        FoundEntry found = new FoundEntry();
        for (int i = 0; i < all.length; i++) {
            all[i] = hasValue(newest(keys.get(i), seq, found, true)) ? valueCopy(found) : null;
        }
        return Arrays.asList(all);
    }

    /** A copy of the newest value of the key, without a snapshot. */
    byte[] getNewest(byte[] key, Snapshots snapshots) {
        FoundEntry found = new FoundEntry();
        return findNewest(key, snapshots, found) ? valueCopy(found) : null;
    }

    /** Copies the newest value of the key to {@code into} where it fits; returns its length, or -1. */
    int getNewest(byte[] key, Snapshots snapshots, byte[] into) {
        FoundEntry found = new FoundEntry();
        if (!findNewest(key, snapshots, found)) {
            return -1;
        }
        if (found.valueLength() <= into.length) {
            System.arraycopy(found.valueArray(), found.valueOffset(), into, 0, found.valueLength());
        }
        return found.valueLength();
    }

    private boolean findNewest(byte[] key, Snapshots snapshots, FoundEntry found) {
        while (true) {
            ReadState state = states.current();
            long seq = snapshots.visible();
            // The same state before and after: nothing that is visible at seq was reclaimed from it.
            if (state == states.current()) {
                try {
                    return hasValue(resolved(newest(state, key, seq, found), found));
                } catch (TableClosedException e) {
                    startOver(state, e);
                }
            }
        }
    }

    /** Sequence number of the newest write of the key at or below {@code seq}, deletes of all kinds included; -1: none. */
    long newestSeq(byte[] key, long seq) {
        long trailer = newest(key, seq, new FoundEntry(), false);
        return trailer < 0 ? -1 : Trailer.seq(trailer);
    }

    /** Whether the key has a value at {@code seq}. */
    boolean exists(byte[] key, long seq) {
        return hasValue(newest(key, seq, new FoundEntry(), false));
    }

    /**
     * The trailer of the newest write of the key at or below {@code seq}: a put, then its value is in {@code found}, a
     * delete, or a range tombstone. -1 where there is none.
     *
     * @param valueToo whether a value that lies elsewhere is fetched
     */
    private long newest(byte[] key, long seq, FoundEntry found, boolean valueToo) {
        while (true) {
            ReadState state = states.current();
            try {
                long trailer = newest(state, key, seq, found);
                return valueToo ? resolved(trailer, found) : trailer;
            } catch (TableClosedException e) {
                startOver(state, e);
            }
        }
    }

    /** Fetches the value where there is only a pointer to it; returns the trailer. */
    private long resolved(long trailer, FoundEntry found) {
        if (trailer >= 0 && Trailer.kind(trailer) == Trailer.POINTER) {
            values.read(found);
        }
        return trailer;
    }

    /** A table closed under a read: because the state has moved on, or because the store is closed. */
    private void startOver(ReadState state, TableClosedException e) {
        health.checkOpen();
        if (state == states.current()) {
            StoreClosedException closed = new StoreClosedException("the store");
            closed.initCause(e);
            throw closed;
        }
    }

    private long newest(ReadState state, byte[] key, long seq, FoundEntry found) {
        for (MemTable memTable : state.memTables()) {
            long tombstone = memTable.coveringRange(key, 0, key.length, seq);
            boolean hit = memTable.get(key, 0, key.length, seq, found);
            if (hit || tombstone >= 0) {
                return newer(hit, found, tombstone);
            }
        }
        Version version = state.version();
        long hash = BloomFilter.hash(key, 0, key.length);
        for (FileMeta[] run : version.level0Runs()) {
            FileMeta file = Version.find(run, key, 0, key.length);
            if (file != null) {
                long trailer = newest(file, key, hash, seq, found);
                if (trailer >= 0) {
                    return trailer;
                }
            }
        }
        for (int level = 1; level < Version.LEVELS; level++) {
            FileMeta file = version.find(level, key, 0, key.length);
            if (file != null) {
                long trailer = newest(file, key, hash, seq, found);
                if (trailer >= 0) {
                    return trailer;
                }
            }
        }
        return NOTHING;
    }

    private long newest(FileMeta file, byte[] key, long hash, long seq, FoundEntry found) {
        TableReader table = tables.reader(file);
        long tombstone = table.rangeTombstones().covering(key, 0, key.length, seq);
        boolean hit = table.get(key, 0, key.length, hash, seq, found);
        return hit || tombstone >= 0 ? newer(hit, found, tombstone) : NOTHING;
    }

    private static long newer(boolean hit, FoundEntry found, long tombstone) {
        return hit && Trailer.seq(found.trailer()) >= tombstone
                ? found.trailer()
                : Trailer.of(tombstone, Trailer.DELETE_RANGE);
    }

    private static boolean hasValue(long trailer) {
        return trailer >= 0 && Trailer.hasValue(trailer);
    }

    private static byte[] valueCopy(FoundEntry found) {
        int from = found.valueOffset();
        return Arrays.copyOfRange(found.valueArray(), from, from + found.valueLength());
    }
}
