package org.mosslsm.kv.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.mosslsm.kv.Capabilities;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.Store.CommitStatus;
import org.mosslsm.kv.StoreMetrics;
import org.mosslsm.kv.StoreMetrics.Metric;
import org.mosslsm.kv.WriteBatch;

/**
 * The data of one in-memory store: every version of every key, the range deletes, and which versions are still read.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Entry {@code i} of a commit has the sequence number {@code visible + 1 + i}; the commit's version is the number
 *       of its last entry. {@code visible} moves to it only after all entries are in the map.
 *   <li>A reader at version v sees of a key the first entry with a sequence number {@code <= v}, unless that is a delete
 *       or a range delete in (its sequence number, v] covers the key.
 *   <li>A reader captures the list of range deletes together with its version, under the lock; so a sweep may drop a
 *       range delete after the entries it hides.
 *   <li>A sweep removes only what no version {@code >= horizon} sees, of one key the oldest first, so that a reader in
 *       the middle never meets what a removed entry hid. {@code reclaimed} is the greatest horizon swept.
 * </ol>
 *
 * <p>Thread safety: all writes, pins and sweeps hold the monitor of this object; reads hold nothing.
 */
final class MemoryState {
    /** Limits as an embedded application wants them; the embedded engine's are of the same order. */
    static final Capabilities CAPABILITIES = new Capabilities(65_535, 1 << 28, 1L << 30, true, false);

    /** The value of a delete, known by identity. */
    static final byte[] DELETED = new byte[0];

    /** Outcomes remembered for {@code status}: enough for any caller that asks at once. */
    private static final int REMEMBERED_COMMITS = 10_000;

    /** Writes before a sweep is thought of, so that a small store does not sweep all the time. */
    private static final int SWEEP_WRITES = 1_000;

    /** Range deletes before a sweep is thought of: each read looks at all of them. */
    private static final int SWEEP_RANGE_DELETES = 64;

    /** Ranges whose sizes are remembered. */
    private static final int REMEMBERED_SIZES = 1_000;

    /** A size stands until as many entries were written, anywhere, as this part of those it counted. */
    private static final int SIZE_STANDS = 8;

    final ConcurrentNavigableMap<VersionedKey, byte[]> entries = new ConcurrentSkipListMap<>();
    private final TreeMap<Long, Integer> pins = new TreeMap<>();
    private final Map<UUID, CommitStatus> outcomes = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, CommitStatus> eldest) {
            return size() > REMEMBERED_COMMITS;
        }
    };
    private final Map<KeyRange, Size> sizes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<KeyRange, Size> eldest) {
            return size() > REMEMBERED_SIZES;
        }
    };
    private List<RangeDelete> rangeDeletes = List.of();
    private long visible;
    private long reclaimed;
    private long entryCount;
    private long writesSinceSweep;
    private long commits;

    /** What a reader needs to know of the state: a version, kept readable until unpinned, and its range deletes. */
    record Pin(long version, List<RangeDelete> rangeDeletes) {}

    /** What a walk over a range at a version found. */
    record Size(Pin at, long entries, long bytes) {}

    /** How large the range was found to be not long ago; empty where it was not, or may be much larger or smaller now. */
    synchronized OptionalLong bytesOf(KeyRange range) {
        Size known = sizes.get(range);
        boolean stands = known != null
                && known.at().rangeDeletes() == rangeDeletes
                && visible - known.at().version() <= known.entries() / SIZE_STANDS;
        return stands ? OptionalLong.of(known.bytes()) : OptionalLong.empty();
    }

    synchronized void remember(KeyRange range, Size size) {
        sizes.put(range, size);
    }

    synchronized Pin pinNewest() {
        return pin(visible);
    }

    synchronized Pin pinAt(long version) {
        if (version > visible) {
            throw new IllegalArgumentException("version " + version + " is in the future; the newest is " + visible);
        }
        if (version < reclaimed) {
            throw new IllegalArgumentException(
                    "version " + version + " may have been reclaimed; the oldest kept is " + reclaimed);
        }
        return pin(version);
    }

    private Pin pin(long version) {
        pins.merge(version, 1, Integer::sum);
        return new Pin(version, rangeDeletes);
    }

    synchronized void unpin(Pin pin) {
        pins.computeIfPresent(pin.version(), (v, readers) -> readers == 1 ? null : readers - 1);
        sweepIfWorthwhile();
    }

    synchronized long commit(CommitRequest request) {
        checkLimits(request.writes());
        try {
            checkConditions(request);
        } catch (ConflictException refused) {
            outcomes.put(request.id(), CommitStatus.ABORTED);
            throw refused;
        }
        apply(request.writes());
        outcomes.put(request.id(), CommitStatus.COMMITTED);
        commits++;
        sweepIfWorthwhile();
        return visible;
    }

    /** Deletes a range that may be unbounded above, which a write batch cannot say. */
    synchronized void deleteRange(KeyRange range) {
        addRangeDelete(new RangeDelete(range, visible + 1));
        visible++;
        sweepIfWorthwhile();
    }

    synchronized CommitStatus status(UUID commitId) {
        return outcomes.getOrDefault(commitId, CommitStatus.UNKNOWN);
    }

    synchronized StoreMetrics metrics() {
        return new StoreMetrics(List.of(
                new Metric("memory.entries", "count", entryCount),
                new Metric("memory.range.deletes", "count", (long) rangeDeletes.size()),
                new Metric("memory.snapshots", "count", (long)
                        pins.values().stream().mapToInt(Integer::intValue).sum()),
                new Metric("memory.commits", "count", commits),
                new Metric("memory.version", "count", visible)));
    }

    private static void checkLimits(WriteBatch writes) {
        if (writes.byteSize() > CAPABILITIES.maxCommitBytes()) {
            throw new IllegalArgumentException("a commit of " + writes.byteSize() + " bytes; the largest possible is "
                    + CAPABILITIES.maxCommitBytes());
        }
        writes.forEach(new WriteBatch.Visitor() {
            @Override
            public void put(byte[] array, int keyOffset, int keyLength, int valueOffset, int valueLength) {
                checkKey(keyLength);
                if (valueLength > CAPABILITIES.maxValueBytes()) {
                    throw new IllegalArgumentException("a value of " + valueLength + " bytes; the largest possible is "
                            + CAPABILITIES.maxValueBytes());
                }
            }

            @Override
            public void delete(byte[] array, int keyOffset, int keyLength) {
                checkKey(keyLength);
            }

            @Override
            public void deleteRange(byte[] array, int loOffset, int loLength, int hiOffset, int hiLength) {
                checkKey(loLength);
                checkKey(hiLength - 1); // the successor of the largest key is a bound, not a key
            }
        });
    }

    private static void checkKey(int length) {
        if (length > CAPABILITIES.maxKeyBytes()) {
            throw new IllegalArgumentException(
                    "a key of " + length + " bytes; the largest possible is " + CAPABILITIES.maxKeyBytes());
        }
    }

    private void checkConditions(CommitRequest request) {
        long since = request.readVersion();
        for (byte[] key : request.absent()) {
            if (visibleValue(key, visible, rangeDeletes) != null) {
                throw new ConflictException(ConflictException.Reason.KEY_EXISTS, key);
            }
        }
        if (since == visible) {
            return;
        }
        // Below the reclaimed version a delete may have been swept away, so "unchanged" cannot be told any more.
        boolean forgotten = since < reclaimed;
        for (byte[] key : request.unchanged()) {
            if (forgotten || changedSince(KeyRange.point(key), since)) {
                throw new ConflictException(ConflictException.Reason.KEY_CHANGED, key);
            }
        }
        for (KeyRange range : request.unchangedRanges()) {
            if (!range.isEmpty() && (forgotten || changedSince(range, since))) {
                throw new ConflictException(ConflictException.Reason.RANGE_CHANGED, range.lo());
            }
        }
    }

    private boolean changedSince(KeyRange range, long since) {
        for (RangeDelete deleted : rangeDeletes) {
            if (deleted.sequence() > since && deleted.overlaps(range)) {
                return true;
            }
        }
        for (VersionedKey entry : within(range).keySet()) {
            if (entry.sequence > since) {
                return true;
            }
        }
        return false;
    }

    /** The entries of all versions whose keys lie in {@code range}; empty for an empty range. */
    ConcurrentNavigableMap<VersionedKey, byte[]> within(KeyRange range) {
        VersionedKey from = new VersionedKey(range.lo(), VersionedKey.NEWEST);
        byte[] hi = range.isEmpty() ? range.lo() : range.hiOrNull();
        return hi == null
                ? entries.tailMap(from, true)
                : entries.subMap(from, true, new VersionedKey(hi, VersionedKey.NEWEST), false);
    }

    /** Invariant 2: the value of {@code key} at {@code version}, {@code null} where there is none. */
    byte[] visibleValue(byte[] key, long version, List<RangeDelete> deletes) {
        Map.Entry<VersionedKey, byte[]> entry = entries.ceilingEntry(new VersionedKey(key, version));
        if (entry == null || !Arrays.equals(entry.getKey().key, key)) {
            return null;
        }
        return isHidden(entry.getKey(), entry.getValue(), version, deletes) ? null : entry.getValue();
    }

    /** Whether the entry, the newest of its key at {@code version}, shows nothing: a delete, or deleted by range. */
    static boolean isHidden(VersionedKey entry, byte[] value, long version, List<RangeDelete> deletes) {
        if (value == DELETED) {
            return true;
        }
        for (RangeDelete deleted : deletes) {
            if (deleted.sequence() > entry.sequence
                    && deleted.sequence() <= version
                    && deleted.range().contains(entry.key)) {
                return true;
            }
        }
        return false;
    }

    private void apply(WriteBatch writes) {
        Applier applier = new Applier(visible);
        writes.forEach(applier);
        visible = applier.sequence;
    }

    private void addEntry(byte[] key, long sequence, byte[] value) {
        entries.put(new VersionedKey(key, sequence), value);
        entryCount++;
        writesSinceSweep++;
    }

    private void addRangeDelete(RangeDelete deleted) {
        if (deleted.range().isEmpty()) {
            return;
        }
        List<RangeDelete> more = new ArrayList<>(rangeDeletes.size() + 1);
        more.addAll(rangeDeletes);
        more.add(deleted);
        rangeDeletes = List.copyOf(more);
        writesSinceSweep++;
    }

    private void sweepIfWorthwhile() {
        long horizon = pins.isEmpty() ? visible : pins.firstKey();
        boolean enough = writesSinceSweep > SWEEP_WRITES + entryCount / 2 || rangeDeletes.size() > SWEEP_RANGE_DELETES;
        if (enough && horizon > reclaimed) {
            sweep(horizon);
        }
    }

    /** Invariant 4: walks the versions of each key, newest first, and removes those that no reader can see. */
    private void sweep(long horizon) {
        reclaimed = horizon;
        writesSinceSweep = 0;
        List<VersionedKey> garbage = new ArrayList<>();
        VersionedKey base = null; // the newest version at the horizon of the key at hand
        for (Map.Entry<VersionedKey, byte[]> entry : entries.entrySet()) {
            VersionedKey key = entry.getKey();
            if (base != null && base.sameKey(key)) {
                garbage.add(key);
            } else if (key.sequence <= horizon) {
                removeOldestFirst(garbage);
                base = key;
                if (isHidden(key, entry.getValue(), horizon, rangeDeletes)) {
                    garbage.add(key);
                }
            }
        }
        removeOldestFirst(garbage);
        rangeDeletes = rangeDeletes.stream().filter(d -> d.sequence() > horizon).toList();
    }

    private void removeOldestFirst(List<VersionedKey> ofOneKey) {
        for (int i = ofOneKey.size() - 1; i >= 0; i--) {
            entries.remove(ofOneKey.get(i));
            entryCount--;
        }
        ofOneKey.clear();
    }

    /** Puts the entries of a batch into the map, each under its own sequence number. */
    private final class Applier implements WriteBatch.Visitor {
        private long sequence;

        Applier(long before) {
            this.sequence = before;
        }

        @Override
        public void put(byte[] array, int keyOffset, int keyLength, int valueOffset, int valueLength) {
            byte[] value = Arrays.copyOfRange(array, valueOffset, valueOffset + valueLength);
            addEntry(Arrays.copyOfRange(array, keyOffset, keyOffset + keyLength), ++sequence, value);
        }

        @Override
        public void delete(byte[] array, int keyOffset, int keyLength) {
            addEntry(Arrays.copyOfRange(array, keyOffset, keyOffset + keyLength), ++sequence, DELETED);
        }

        @Override
        public void deleteRange(byte[] array, int loOffset, int loLength, int hiOffset, int hiLength) {
            byte[] lo = Arrays.copyOfRange(array, loOffset, loOffset + loLength);
            byte[] hi = Arrays.copyOfRange(array, hiOffset, hiOffset + hiLength);
            addRangeDelete(new RangeDelete(KeyRange.of(lo, hi), ++sequence));
        }
    }
}
