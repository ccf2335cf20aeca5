package org.mosslsm.sql.exec.spill;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.Store.ScratchFile;

/**
 * Sorts entries, keys with values, by the unsigned bytes of their keys, with bounded memory.
 *
 * <pre>
 * add      the entry's bytes behind the others; what does not fit into memory any more is sorted and written as a run
 * sorted   no run: what is in memory, sorted; else all runs merged
 *
 * entry := keyLength:u32  valueLength:u32  key  value
 * </pre>
 *
 * Entries that are short and all of one shape are kept as numbers and sorted themselves ({@link ShortEntries}). Of others
 * sorting moves none: it orders pairs of the first eight bytes of the key, as a number, and the entry's place. Only
 * entries that agree in these are looked at again, by the next eight bytes. Bytes that all keys share are left out of it.
 *
 * <p>Entries of equal keys come in any order. Thread safety: none.
 */
public final class EntrySorter implements AutoCloseable {
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final int HEAD = 8;

    /** Of an entry beside its bytes: head, number and place, twice while they are sorted. */
    private static final int OVERHEAD = HEAD + 2 * (Long.BYTES + 2 * Integer.BYTES);

    /** An array that doubles is twice there for a moment; beyond this, runs are not worth more memory. */
    private static final long MOST_BYTES = 256 << 20;

    /** What a merge reads of each run at once, at most. */
    private static final int RUN_BUFFER = 64 << 10;

    private static final int LEAST_BUFFER = 1 << 10;

    private record Run(long from, long to) {}

    private final Workspace workspace;
    private final int skip;
    private final long budget;
    private byte[] bytes = new byte[16 << 10];
    private int end;
    private int[] places = new int[256];
    private int count;
    private final EntryOrder order;

    /** Instead of {@link #bytes} and {@link #places}, as long as all entries are of one short shape; else null. */
    private ShortEntries shorts;

    private final Runnable cancelCheck;
    private final List<Run> runs = new ArrayList<>();
    private ScratchFile file;
    private long added;
    private long addedBytes;

    /**
     * An empty one.
     *
     * @param skip how many first bytes all keys share
     * @param cancelCheck called every few milliseconds while entries are sorted and written; what it throws ends that
     */
    public EntrySorter(Workspace workspace, int skip, Runnable cancelCheck) {
        this.cancelCheck = cancelCheck;
        this.order = new EntryOrder(cancelCheck);
        this.workspace = workspace;
        this.skip = skip;
        this.budget = Math.min(MOST_BYTES, workspace.budgetBytes() / 2);
    }

    /** Adds an entry; the arrays are copied. */
    public void add(byte[] key, byte[] value) {
        if (added == 0) {
            shorts = ShortEntries.of(skip, key, value);
        }
        added++;
        addedBytes += (long) HEAD + key.length + value.length;
        if (shorts != null && !shorts.fits(key, value)) {
            addShortsAsOthers();
        }
        if (shorts == null) {
            addToBytes(key, value);
            return;
        }
        if (shorts.count() > 0 && shorts.bytesWithOneMore() > budget) {
            spill();
        }
        shorts.add(key, value, budget);
    }

    private void addShortsAsOthers() {
        ShortEntries before = shorts;
        shorts = null;
        for (int i = 0; i < before.count(); i++) {
            byte[] entry = before.entry(i);
            int keyEnd = HEAD + (int) INT.get(entry, 0);
            addToBytes(
                    Arrays.copyOfRange(entry, HEAD, keyEnd),
                    Arrays.copyOfRange(entry, keyEnd, keyEnd + (int) INT.get(entry, Integer.BYTES)));
        }
    }

    private void addToBytes(byte[] key, byte[] value) {
        long needed = (long) HEAD + key.length + value.length;
        if (count > 0 && end + needed + (long) count * OVERHEAD > budget) {
            spill();
        }
        if (bytes.length - end < needed) {
            bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(end + needed, Math.min(2L * bytes.length, budget))));
        }
        if (count == places.length) {
            places = Arrays.copyOf(places, 2 * count);
        }
        places[count++] = end;
        INT.set(bytes, end, key.length);
        INT.set(bytes, end + 4, value.length);
        System.arraycopy(key, 0, bytes, end + HEAD, key.length);
        System.arraycopy(value, 0, bytes, end + HEAD + key.length, value.length);
        end += (int) needed;
    }

    /** Entries added so far. */
    public long count() {
        return added;
    }

    /** Bytes of all entries added so far. */
    public long byteSize() {
        return addedBytes;
    }

    /** Ends the adding; all entries in order. Once only. */
    public Entries sorted() {
        workspace.watch().holds(held());
        if (runs.isEmpty()) {
            return sortedInMemory();
        }
        if (inMemory() > 0) {
            spill();
        }
        shorts = null;
        bytes = new byte[0];
        places = new int[0];
        return new Merged();
    }

    private int inMemory() {
        return shorts != null ? shorts.count() : count;
    }

    private long held() {
        return shorts != null ? shorts.bytesWithOneMore() : bytes.length + (long) count * OVERHEAD;
    }

    private Entries sortedInMemory() {
        if (shorts != null) {
            shorts.sort(cancelCheck);
            return new Shorts(shorts);
        }
        order.sort(bytes, places, count, skip);
        return new InMemory();
    }

    private void spill() {
        workspace.watch().holds(held());
        workspace.watch().spilled(inMemory());
        Entries sorted = sortedInMemory();
        if (file == null) {
            file = workspace.files().get();
        }
        long from = file.size();
        byte[] out = new byte[RUN_BUFFER];
        int filled = 0;
        while (sorted.next()) {
            int length = HEAD + sorted.keyLength() + sorted.valueLength();
            if (filled + length > out.length) {
                cancelCheck.run();
                file.append(out, 0, filled);
                filled = 0;
            }
            if (length > out.length) {
                file.append(sorted.array, sorted.at, length);
            } else {
                System.arraycopy(sorted.array, sorted.at, out, filled, length);
                filled += length;
            }
        }
        file.append(out, 0, filled);
        runs.add(new Run(from, file.size()));
        count = 0;
        end = 0;
        if (shorts != null) {
            shorts.clear();
        }
    }

    /** Deletes what is in files; harmless when repeated. */
    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
        shorts = null;
        bytes = new byte[0];
        places = new int[0];
    }

    /** A walk over entries; stands before the first. Its arrays are views, valid until the next move. */
    public abstract static class Entries {
        byte[] array;
        int at;

        /** Moves on; false at the end. */
        public abstract boolean next();

        /** What holds key and value. */
        public final byte[] array() {
            return array;
        }

        /** Where the key begins. */
        public final int keyOffset() {
            return at + HEAD;
        }

        /** Length of the key. */
        public final int keyLength() {
            return (int) INT.get(array, at);
        }

        /** Where the value begins. */
        public final int valueOffset() {
            return at + HEAD + keyLength();
        }

        /** Length of the value. */
        public final int valueLength() {
            return (int) INT.get(array, at + 4);
        }

        /** A copy of the key. */
        public final byte[] copyKey() {
            return Arrays.copyOfRange(array, keyOffset(), keyOffset() + keyLength());
        }

        /** A copy of the value. */
        public final byte[] copyValue() {
            return Arrays.copyOfRange(array, valueOffset(), valueOffset() + valueLength());
        }

        /** Whether the key is this one. */
        public final boolean hasKey(byte[] key) {
            int from = keyOffset();
            return Arrays.equals(array, from, from + keyLength(), key, 0, key.length);
        }
    }

    private final class InMemory extends Entries {
        private int next;

        InMemory() {
            array = bytes;
        }

        @Override
        public boolean next() {
            if (next == count) {
                return false;
            }
            at = places[next++];
            return true;
        }
    }

    private static final class Shorts extends Entries {
        private final ShortEntries entries;
        private int next;

        Shorts(ShortEntries entries) {
            this.entries = entries;
        }

        @Override
        public boolean next() {
            if (next == entries.count()) {
                return false;
            }
            array = entries.entry(next++);
            return true;
        }
    }

    /** One run being read; stands on an entry until it has ended. */
    private final class RunReader {
        private final long to;
        private long position;
        private byte[] buffer;
        private int at;
        private int limit;
        private long prefix;

        RunReader(Run run, int bufferBytes) {
            this.position = run.from();
            this.to = run.to();
            this.buffer = new byte[bufferBytes];
        }

        boolean next() {
            if (limit > 0) {
                at += HEAD + (int) INT.get(buffer, at) + (int) INT.get(buffer, at + 4);
            }
            if (at == limit && position == to) {
                return false;
            }
            have(HEAD);
            have(HEAD + (int) INT.get(buffer, at) + (int) INT.get(buffer, at + 4));
            prefix = EntryOrder.prefix(buffer, at, skip);
            return true;
        }

        private void have(int wanted) {
            int rest = limit - at;
            if (rest >= wanted) {
                return;
            }
            byte[] into = wanted > buffer.length ? new byte[wanted] : buffer;
            System.arraycopy(buffer, at, into, 0, rest);
            int more = (int) Math.min(into.length - rest, to - position);
            file.read(position, into, rest, more);
            position += more;
            buffer = into;
            at = 0;
            limit = rest + more;
        }

        boolean isBefore(RunReader that) {
            int c = Long.compareUnsigned(prefix, that.prefix);
            return c != 0 ? c < 0 : EntryOrder.compare(buffer, at, that.buffer, that.at) < 0;
        }
    }

    /** A heap of readers, the one with the least key on top. */
    private final class Merged extends Entries {
        private final RunReader[] heap;
        private int size;

        Merged() {
            int buffer = (int) Math.max(LEAST_BUFFER, Math.min(RUN_BUFFER, budget / runs.size()));
            heap = new RunReader[runs.size()];
            for (Run run : runs) {
                RunReader reader = new RunReader(run, buffer);
                if (reader.next()) {
                    heap[size++] = reader;
                }
            }
            for (int i = size / 2 - 1; i >= 0; i--) {
                sink(i);
            }
        }

        @Override
        public boolean next() {
            if (array != null && size > 0) {
                if (!heap[0].next()) {
                    heap[0] = heap[--size];
                }
                sink(0);
            }
            if (size == 0) {
                return false;
            }
            array = heap[0].buffer;
            at = heap[0].at;
            return true;
        }

        private void sink(int from) {
            int i = from;
            RunReader moved = heap[i];
            while (2 * i + 1 < size) {
                int child = 2 * i + 1;
                if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
                    child++;
                }
                if (!heap[child].isBefore(moved)) {
                    break;
                }
                heap[i] = heap[child];
                i = child;
            }
            heap[i] = moved;
        }
    }
}
