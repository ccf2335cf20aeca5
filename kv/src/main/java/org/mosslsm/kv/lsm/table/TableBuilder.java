package org.mosslsm.kv.lsm.table;

import java.io.IOException;
import java.util.Arrays;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * Writes a table: entries in ascending order, range tombstones, then {@link #finish}.
 *
 * <pre>
 * table := data block *       {@link BlockBuilder}
 *          filter block ?     {@link BloomFilter}, over the user keys
 *          tombstone block ?  fragments := count:varint (lo hi seq:varint)*      lo, hi := length:varint bytes
 *          properties block   {@link TableProperties}
 *          index block        {@link TableIndex}
 *          footer             {@link TableFooter}
 *
 * Each block stands with its trailer, as {@link BlockCodec} draws it. Only data blocks are compressed: the others are read
 * once, when the table is opened.
 * </pre>
 *
 * <p>Errors: {@link KvIoException} when the disk refuses; the file is then unfinished, and {@link #close} and deleting it
 * is all that is left to do. Not thread-safe.
 */
public final class TableBuilder implements AutoCloseable {
    private static final byte[] NO_KEY = {};

    /** Bytes handed to the file at once: enough that the calls do not count, few enough to stay in the processor's cache. */
    private static final int WRITE_BYTES = 128 << 10;

    /**
     * Of each key eight bytes are kept until the end, for the filter: a table of more keys gets none, since those take a
     * sixteenth of the heap then, whatever the size of the entries. 8 million with a heap of 1 GB.
     */
    public static final int MOST_FILTER_KEYS =
            (int) Math.min(1 << 28, Math.max(1 << 16, Runtime.getRuntime().maxMemory() / 128));

    /** A value of so many blocks or more gets a block of its own: who reads its small neighbours need not read it too. */
    private static final int APART_FROM_BLOCKS = 4;

    /** An index of so many bytes grows slowly from then on, by larger blocks: a table that may not end is read nevertheless. */
    private static final long DENSE_FROM = 1 << 30;

    private static final int DENSE_BLOCK_BYTES = 8 << 20;

    private static final int FIRST_HASHES = 1 << 10;

    /** {@code DENSE_FROM}, or what a test wants. */
    long denseFrom = DENSE_FROM;

    private final WritableFile file;
    private final String name;
    private final long number;
    private final TableOptions options;

    private final BlockBuilder block;
    private final BlockCodec.Packer packer;

    /** Blocks not handed to the file yet. */
    private final ByteWriter pending = new ByteWriter(WRITE_BYTES / 4);

    /** Takes large values; null where the table keeps all of them. */
    private final LargeValues large;

    private final int largeFrom;
    private final ValueRefs.Builder refs = new ValueRefs.Builder();
    private final ByteWriter pointerBytes = new ByteWriter(ValuePointer.MAX_BYTES);
    private boolean hasPointers;

    private final TableIndex.Builder index = new TableIndex.Builder();
    private final BlockCounts.Builder blockCounts = new BlockCounts.Builder();
    private RangeTombstones tombstones = RangeTombstones.NONE;

    /** Bytes written or pending, and so where the next block begins. */
    private long written;

    /** Whether a block was written whose separator waits for the first key of the next. */
    private boolean separatorDue;

    private int dueBodyLength;

    private byte[] lastKey = NO_KEY;
    private int lastKeyLength = -1;
    private long lastTrailer;
    private byte[] firstKey = NO_KEY;

    /** {@code MOST_FILTER_KEYS}, or what a test wants. */
    int mostFilterKeys = MOST_FILTER_KEYS;

    /** Of the keys so far; null where there will be no filter. */
    private long[] hashes;

    private int hashCount;

    private long entries;
    private long deletes;
    private long rawKeyBytes;
    private long rawValueBytes;
    private long minSeq = Long.MAX_VALUE;
    private long maxSeq;
    private boolean finished;
    private boolean closed;

    /**
     * Creates the file {@code name} in {@code vfs}.
     *
     * @param number of the file; every block is bound to it, and {@link TableReader#open} must be given the same
     */
    public TableBuilder(Vfs vfs, String name, long number, TableOptions options) {
        this(vfs, name, number, options, null);
    }

    /** As above; {@code large} takes the values it wants, and the table has pointers in their place. */
    public TableBuilder(Vfs vfs, String name, long number, TableOptions options, LargeValues large) {
        this.large = large;
        this.largeFrom = large == null ? Integer.MAX_VALUE : large.threshold();
        this.name = name;
        this.number = number;
        this.options = options;
        this.block = new BlockBuilder(options.restartInterval());
        this.packer = BlockCodec.Packer.of(options.compression());
        this.hashes = options.filterBitsPerKey() > 0 ? new long[FIRST_HASHES] : null;
        try {
            this.file = vfs.create(name);
        } catch (IOException e) {
            throw failed("create", e);
        }
    }

    /** As {@link #add(byte[], int, int, long, byte[], int, int)}, of whole arrays. */
    public void add(byte[] key, long trailer, byte[] value) {
        add(key, 0, key.length, trailer, value, 0, value.length);
    }

    /**
     * Adds an entry; the arrays are copied.
     *
     * @throws IllegalArgumentException when it is not greater than the one before, or not a put, a delete or a pointer
     */
    public void add(
            byte[] key, int keyOffset, int keyLength, long trailer, byte[] value, int valueOffset, int valueLength) {
        int common = common(key, keyOffset, keyLength, trailer);
        boolean newKey = lastKeyLength < 0 || common < keyLength;
        int kind = Trailer.kind(trailer);
        boolean elsewhere = kind == Trailer.POINTER || (kind == Trailer.PUT && valueLength >= largeFrom);
        boolean apart = !elsewhere && valueLength / APART_FROM_BLOCKS >= options.blockBytes();
        if (apart && !block.isEmpty() && index.apartBytes() < denseFrom) {
            writeDataBlock();
        }
        if (separatorDue) {
            addSeparator(Arrays.copyOfRange(key, keyOffset, keyOffset + keyLength));
        }
        if (newKey && hashes != null) {
            addHash(BloomFilter.hash(key, keyOffset, keyLength));
        }
        blockCounts.add(newKey, Trailer.hasValue(trailer));
        if (elsewhere) {
            addPointer(common, key, keyOffset, keyLength, trailer, place(kind, value, valueOffset, valueLength));
        } else {
            block.add(common, key, keyOffset, keyLength, trailer, value, valueOffset, valueLength);
            count(keyLength, trailer, valueLength);
            remember(key, keyOffset, keyLength, trailer);
        }
        if (block.size() >= (index.apartBytes() < denseFrom ? options.blockBytes() : DENSE_BLOCK_BYTES)) {
            writeDataBlock();
        }
    }

    private void addHash(long hash) {
        if (hashCount == mostFilterKeys) {
            hashes = null;
            hashCount = 0;
            return;
        }
        if (hashCount == hashes.length) {
            hashes = Arrays.copyOf(hashes, Math.min(2 * hashCount, mostFilterKeys));
        }
        hashes[hashCount++] = hash;
    }

    private ValuePointer place(int kind, byte[] value, int valueOffset, int valueLength) {
        if (kind == Trailer.PUT) {
            return large.put(value, valueOffset, valueLength);
        }
        ValuePointer pointer = ValuePointer.decode(value, valueOffset, valueLength);
        return large == null ? pointer : large.moved(pointer);
    }

    private void addPointer(int common, byte[] key, int keyOffset, int keyLength, long trailer, ValuePointer pointer) {
        long pointing = Trailer.of(Trailer.seq(trailer), Trailer.POINTER);
        pointerBytes.clear();
        pointer.encode(pointerBytes);
        block.add(common, key, keyOffset, keyLength, pointing, pointerBytes.array(), 0, pointerBytes.size());
        count(keyLength, pointing, pointer.valueLength());
        remember(key, keyOffset, keyLength, pointing);
        refs.add(pointer);
        hasPointers = true;
    }

    /**
     * Gives the range tombstones of the table, instead of those given before.
     *
     * <p>Their fragments must not reach beyond the keys this table stands for: whoever splits an output cuts them first.
     */
    public void setRangeTombstones(RangeTombstones all) {
        tombstones = all;
    }

    /** Whether neither entries nor range tombstones were added. */
    public boolean isEmpty() {
        return entries == 0 && tombstones.isEmpty();
    }

    /** Point entries added. */
    public long entries() {
        return entries;
    }

    /**
     * Memory that the index takes from who reads the table, in bytes, roughly: with long keys it may be many times what it
     * takes in the file, and more than the whole file.
     */
    public long indexBytes() {
        return index.apartBytes();
    }

    /** Size of the file if it were finished now, in bytes, roughly. */
    public long estimatedBytes() {
        return written + block.size() + index.byteSize() + (long) hashCount * options.filterBitsPerKey() / 8;
    }

    /** Writes what is left and syncs the file (not its directory); returns the properties, counts of blocks left out. */
    public TableProperties finish() {
        if (finished) {
            throw new IllegalStateException(name + " is finished already");
        }
        if (!block.isEmpty()) {
            writeDataBlock();
        }
        if (separatorDue) {
            addSeparator(null);
        }
        TableProperties properties = properties();
        try {
            writeTail(properties);
            file.sync();
        } catch (IOException e) {
            throw failed("write", e);
        }
        finished = true;
        close();
        return properties.withoutBlockCounts();
    }

    /** Size of the finished file, in bytes. */
    public long fileSize() {
        return written;
    }

    /** Closes the file; without {@link #finish} before, what was written is worthless. Harmless when repeated. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            file.close();
        } catch (IOException e) {
            if (finished) {
                throw failed("close", e);
            }
        }
    }

    /** Insists on ascending entries; returns how many bytes the key starts with as the last: all when it is the same. */
    private int common(byte[] key, int keyOffset, int keyLength, long trailer) {
        int kind = Trailer.kind(trailer);
        if (trailer < 0 || !Trailer.isPoint(kind)) {
            throw new IllegalArgumentException("an entry with the trailer " + Long.toHexString(trailer));
        }
        if (lastKeyLength < 0) {
            return 0;
        }
        int differs = Arrays.mismatch(lastKey, 0, lastKeyLength, key, keyOffset, keyOffset + keyLength);
        boolean ascends;
        if (differs < 0) {
            ascends = lastTrailer > trailer;
        } else if (differs == lastKeyLength) {
            ascends = true; // the last key, and more
        } else {
            ascends = differs < keyLength && (lastKey[differs] & 0xFF) < (key[keyOffset + differs] & 0xFF);
        }
        if (!ascends) {
            throw new IllegalArgumentException("entries must ascend: " + name + " after " + entries + " entries");
        }
        return differs < 0 ? keyLength : differs;
    }

    private void count(int keyLength, long trailer, int valueLength) {
        entries++;
        if (Trailer.kind(trailer) == Trailer.DELETE) {
            deletes++;
        }
        rawKeyBytes += keyLength;
        rawValueBytes += valueLength;
        long seq = Trailer.seq(trailer);
        minSeq = Math.min(minSeq, seq);
        maxSeq = Math.max(maxSeq, seq);
    }

    private void remember(byte[] key, int keyOffset, int keyLength, long trailer) {
        if (lastKeyLength < 0) {
            firstKey = Arrays.copyOfRange(key, keyOffset, keyOffset + keyLength);
        }
        if (keyLength > lastKey.length) {
            lastKey = new byte[Math.max(64, keyLength)];
        }
        System.arraycopy(key, keyOffset, lastKey, 0, keyLength);
        lastKeyLength = keyLength;
        lastTrailer = trailer;
    }

    private void writeDataBlock() {
        try {
            dueBodyLength = writeBlock(block.finish(), packer);
        } catch (IOException e) {
            throw failed("write", e);
        }
        block.clear();
        blockCounts.endBlock();
        separatorDue = true;
    }

    /** Adds the index entry of the block written last; {@code nextKey} is null at the end. */
    private void addSeparator(byte[] nextKey) {
        index.add(Arrays.copyOf(lastKey, lastKeyLength), lastTrailer, nextKey, dueBodyLength);
        separatorDue = false;
    }

    /** Writes a block with its trailer; returns the length of its body. */
    private int writeBlock(ByteWriter content, BlockCodec.Packer packing) throws IOException {
        int before = pending.size();
        int bodyLength = BlockCodec.encode(content, packing, number, written, pending);
        written += pending.size() - before;
        if (pending.size() >= WRITE_BYTES) {
            writePending();
        }
        return bodyLength;
    }

    private void writePending() throws IOException {
        file.append(pending.array(), 0, pending.size());
        pending.clear();
    }

    private void writeTail(TableProperties properties) throws IOException {
        ByteWriter part = new ByteWriter(4 << 10);
        long filterOffset = written;
        int filterLength = 0;
        if (hashCount > 0) {
            BloomFilter.encode(hashes, hashCount, options.filterBitsPerKey(), part);
            filterLength = writeBlock(part, null);
        }
        long tombstonesOffset = written;
        int tombstonesLength = 0;
        if (!tombstones.isEmpty()) {
            part.clear();
            TombstoneBlock.encode(tombstones, part);
            tombstonesLength = writeBlock(part, null);
        }
        long propertiesOffset = written;
        part.clear();
        properties.encode(part);
        int propertiesLength = writeBlock(part, null);
        long indexOffset = written;
        part.clear();
        index.encode(part);
        int indexLength = writeBlock(part, null);
        TableFooter footer = new TableFooter(
                filterOffset,
                filterLength,
                tombstonesOffset,
                tombstonesLength,
                propertiesOffset,
                propertiesLength,
                indexOffset,
                indexLength,
                filterOffset,
                hasPointers ? TableFooter.WITH_POINTERS : TableFooter.FIRST_VERSION);
        TableFooter.encode(footer, number, written, pending);
        written += TableFooter.BYTES;
        writePending();
    }

    private TableProperties properties() {
        byte[] smallest = firstKey;
        byte[] largest = Arrays.copyOf(lastKey, Math.max(0, lastKeyLength));
        boolean largestExclusive = false;
        for (RangeTombstone t : tombstones.fragments()) {
            minSeq = Math.min(minSeq, t.seq());
            maxSeq = Math.max(maxSeq, t.seq());
        }
        if (!tombstones.isEmpty()) {
            byte[] lo = tombstones.bound(0);
            byte[] hi = tombstones.bound(tombstones.boundCount() - 1);
            if (entries == 0 || Arrays.compareUnsigned(lo, smallest) < 0) {
                smallest = lo;
            }
            if (entries == 0 || Arrays.compareUnsigned(hi, largest) > 0) {
                largest = hi;
                largestExclusive = true;
            }
        }
        return new TableProperties(
                entries,
                deletes,
                tombstones.count(),
                rawKeyBytes,
                rawValueBytes,
                index.count(),
                isEmpty() ? 0 : minSeq,
                maxSeq,
                smallest,
                largest,
                largestExclusive,
                System.currentTimeMillis(),
                options.compression(),
                refs.build(),
                maxSeq == 0 && entries > 0 ? TableProperties.NOT_YET : TableProperties.UNSAID,
                blockCounts.build());
    }

    private KvIoException failed(String what, IOException e) {
        return new KvIoException("cannot " + what + " table " + name + ": " + e.getMessage(), e);
    }
}
