package org.mosslsm.kv.lsm.table;

import java.io.IOException;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.vfs.RandomFile;
import org.mosslsm.kv.vfs.Vfs;

/**
 * An open table: index and range tombstones in memory, the filter from when some keys were looked for, data blocks through the
 * cache. {@link TableBuilder} draws the file.
 *
 * <p>Errors: {@link CorruptionException} for bytes that are not what was written, {@link KvIoException} when the disk
 * refuses, {@link TableClosedException} after {@link #close}. But a damaged filter is no error: it only says which keys
 * need not be looked for, so that the table is read without it, every key looked for ({@link #filterDamage}).
 *
 * <p>Thread-safe: everything is immutable but the cache's slots and what was found of the filter. {@code close} may come
 * while others read; they either finish or get {@link TableClosedException}.
 */
public final class TableReader implements AutoCloseable {
    /** What a look for a key reads where no filter spares it: about a block. */
    private static final int LOOK_BYTES = 4 << 10;

    /** The filter is read when looks without it have read this share of it: 1/8. */
    private static final int UNREAD_SHARE = 8;

    private final RandomFile file;
    private final String name;
    private final long number;
    private final BlockCache cache;
    private final TableFooter footer;
    private final TableProperties properties;

    /** A put at the number of a loaded table, whose entries were written at sequence number 0; -1 for other tables. */
    private final long givenTrailer;

    private final RangeTombstones tombstones;

    /** Null while dropped; set under the monitor, and set to null by the cache, which alone drops what it has admitted. */
    private volatile TableParts parts;

    private final long fileSize;

    private final TableFilter filterPart;

    private volatile boolean closed;

    /** What is wrong with the properties and range tombstones of a table opened as damaged; null where they are whole. */
    private final CorruptionException propertiesDamage;

    private final CorruptionException tombstonesDamage;

    private TableReader(RandomFile file, String name, long number, long maxSeq, BlockCache cache, boolean asDamaged)
            throws IOException {
        this.file = file;
        this.name = name;
        this.number = number;
        this.cache = cache;
        this.fileSize = file.size();
        this.filterPart = new TableFilter(this, cache);
        this.footer = readFooter();
        OptionalPart<TableProperties> said = OptionalPart.read(this::readProperties, asDamaged);
        this.propertiesDamage = said.damage();
        this.properties = said.or(() -> TableProperties.unknown(Math.max(1 << 20, 64 * footer.dataEnd())))
                .withoutBlockCounts();
        if (properties.compression() == Compression.ZSTD) {
            Zstd.require(Zstd.present(), name);
        }
        OptionalPart<RangeTombstones> deleted = OptionalPart.read(this::readTombstones, asDamaged);
        this.tombstonesDamage = deleted.damage();
        this.tombstones = deleted.or(() -> RangeTombstones.NONE);
        this.parts = readParts();
        this.givenTrailer = givenTrailer(maxSeq);
        cache.reserve(footer.tombstonesLength());
        cache.admit(parts);
    }

    /** The properties as they stand in the file, counts of blocks included. */
    TableProperties readProperties() {
        return TableProperties.decode(
                part(footer.propertiesOffset(), footer.propertiesLength()), name, footer.propertiesOffset());
    }

    private RangeTombstones readTombstones() {
        return footer.tombstonesLength() == 0
                ? RangeTombstones.NONE
                : TombstoneBlock.decode(
                        part(footer.tombstonesOffset(), footer.tombstonesLength()), name, footer.tombstonesOffset());
    }

    private long givenTrailer(long maxSeq) {
        if (propertiesDamage == null) {
            long joined = properties.joinedSeq() > 0 ? properties.joinedSeq() : maxSeq;
            return properties.isLoaded() && joined > 0 ? Trailer.of(joined, Trailer.PUT) : -1;
        }
        if (firstSeq() != 0) {
            return -1;
        }
        if (maxSeq <= 0) {
            throw propertiesDamage; // which alone say whether it ever joined the store, and when
        }
        return Trailer.of(maxSeq, Trailer.PUT);
    }

    /** The number that the first entry which can be read was written with; -1 where there is none, as beside range deletes. */
    private long firstSeq() {
        BlockCursor cursor = new BlockCursor();
        for (int ordinal = 0; ordinal < parts.index.count(); ordinal++) {
            try {
                cursor.reset(block(parts, ordinal, false));
                if (cursor.seekFirst()) {
                    return Trailer.seq(cursor.trailer());
                }
            } catch (CorruptionException e) {
                // The next one knows it as well.
            }
        }
        return -1;
    }

    /** Index, filter and slots; read anew where they were dropped. */
    TableParts parts() {
        TableParts here = parts;
        if (here == null) {
            return readPartsAgain();
        }
        if (!here.touched) {
            here.touched = true;
        }
        return here;
    }

    private synchronized TableParts readPartsAgain() {
        if (closed) {
            throw new TableClosedException(name);
        }
        TableParts here = parts;
        if (here == null) {
            here = readParts();
            parts = here;
            cache.admit(here);
        }
        return here;
    }

    private TableParts readParts() {
        TableIndex index = TableIndex.decode(
                part(footer.indexOffset(), footer.indexLength()),
                name,
                footer.indexOffset(),
                footer.dataEnd(),
                properties.rawKeyBytes());
        return new TableParts(this, index);
    }

    /** How many keys the blocks have, as far as the table says so; read when somebody first asks. */
    BlockCounts blockCounts(TableParts of) {
        BlockCounts counts = of.blockCounts;
        if (counts == null) {
            counts = propertiesDamage == null ? readCounts() : BlockCounts.NONE;
            if (counts.size() != 0 && counts.size() != of.index.count()) {
                throw new CorruptionException(
                        name,
                        footer.propertiesOffset(),
                        "counts of " + counts.size() + " blocks in a table of " + of.index.count());
            }
            of.blockCounts = counts;
        }
        return counts;
    }

    /** None where they are damaged by now: the blocks are there to be walked over. */
    private BlockCounts readCounts() {
        try {
            return readProperties().blockCounts();
        } catch (CorruptionException e) {
            return BlockCounts.NONE;
        }
    }

    /** Whether a reader at {@code snapshot} sees all puts of the table, of which those older than {@code hidden} are hidden. */
    boolean showsAll(long snapshot, long hidden) {
        long least = givenTrailer < 0 ? properties.minSeq() : Trailer.seq(givenTrailer);
        long greatest = givenTrailer < 0 ? properties.maxSeq() : least;
        return propertiesDamage == null && greatest <= snapshot && least >= hidden;
    }

    /** The filter, read if it was not yet; one that lets all pass where the table was written without, or it is damaged. */
    private synchronized BloomFilter filter(TableParts of) {
        BloomFilter filter = of.filter;
        if (filter == null) {
            filter = filterPart.read(footer);
            of.filter = filter;
            cache.recharge(of);
        }
        return filter;
    }

    /** Who is asked for few keys does without the filter: it is as large as a hundred blocks, where a key costs one. */
    private boolean mayContainUnread(TableParts of, long hash) {
        return ++of.looksUnread * LOOK_BYTES < footer.filterLength() / UNREAD_SHARE
                || filter(of).mayContain(hash);
    }

    /** The cache drops the parts; called under its lock. */
    void dropped(TableParts gone) {
        if (parts == gone) {
            parts = null;
        }
    }

    /**
     * Opens the table {@code name} of {@code vfs}.
     *
     * @param number the file number it was written with
     * @param cache shared by the tables of a store; charged with the index and filter until {@link #close}
     */
    public static TableReader open(Vfs vfs, String name, long number, BlockCache cache) {
        return open(vfs, name, number, 0, cache);
    }

    /**
     * As above; a table that was written at sequence number 0 throughout (a bulk load, which learns its number at its end)
     * is read as if it had been written at the number it joined the store with, or at {@code maxSeq} where it does not say.
     */
    public static TableReader open(Vfs vfs, String name, long number, long maxSeq, BlockCache cache) {
        return open(vfs, name, number, maxSeq, cache, false);
    }

    /**
     * As above, for who wants what is left of a damaged table: where the range tombstones cannot be read there are none, and
     * where the properties cannot be read they say nothing. What is wrong is told by {@link #propertiesDamage} and {@link
     * #tombstonesDamage}.
     *
     * @param maxSeq 0 where it is not known; a table that was written at sequence number 0 is then refused without properties
     */
    public static TableReader openDamaged(Vfs vfs, String name, long number, long maxSeq, BlockCache cache) {
        return open(vfs, name, number, maxSeq, cache, true);
    }

    private static TableReader open(
            Vfs vfs, String name, long number, long maxSeq, BlockCache cache, boolean asDamaged) {
        RandomFile file;
        try {
            file = vfs.openRead(name);
        } catch (IOException e) {
            throw new KvIoException("cannot open table " + name + ": " + e.getMessage(), e);
        }
        try {
            return new TableReader(file, name, number, maxSeq, cache, asDamaged);
        } catch (IOException e) {
            close(file, e);
            throw new KvIoException("cannot read table " + name + ": " + e.getMessage(), e);
        } catch (RuntimeException | Error e) { // out of memory, say: the store goes on, and so must the descriptors do
            close(file, e);
            throw e;
        }
    }

    private static void close(RandomFile file, Throwable failure) {
        try {
            file.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Name of the table's file. */
    public String name() {
        return name;
    }

    /** Size of the file, in bytes. */
    public long fileSize() {
        return fileSize;
    }

    /** What the table says about itself, but for {@link #blockCounts}. */
    public TableProperties properties() {
        return properties;
    }

    /** What is wrong with the filter, read for that if it was not yet: the table is whole but for that. Else null. */
    public CorruptionException filterDamage() {
        filter(parts());
        return filterPart.damage();
    }

    /** What is wrong with the properties of a table opened as damaged; null where nothing is. */
    public CorruptionException propertiesDamage() {
        return propertiesDamage;
    }

    /** What is wrong with the range tombstones of a table opened as damaged; null where nothing is. */
    public CorruptionException tombstonesDamage() {
        return tombstonesDamage;
    }

    /** The table's range tombstones. */
    public RangeTombstones rangeTombstones() {
        return tombstones;
    }

    /**
     * Looks for the newest point entry of the key with a sequence number of at most {@code seq}, and puts it into {@code
     * into}; returns whether there is one, be it a put or a delete. Range tombstones are not regarded: see {@link
     * #rangeTombstones}. The value is a view that stays good for as long as it is referenced.
     *
     * @param hash the key's {@link BloomFilter#hash(byte[], int, int)}, computed once for all tables
     */
    public boolean get(byte[] key, int offset, int length, long hash, long seq, FoundEntry into) {
        TableParts here = parts();
        if (!mayContain(here, hash)) {
            return false;
        }
        if (givenTrailer >= 0) {
            return Trailer.seq(givenTrailer) <= seq && getLoaded(here, key, offset, length, into);
        }
        long trailer = Trailer.seekTo(seq);
        int ordinal = here.index.find(key, offset, length, trailer);
        return ordinal < here.index.count() && block(here, ordinal, true).get(key, offset, length, trailer, into);
    }

    private boolean getLoaded(TableParts here, byte[] key, int offset, int length, FoundEntry into) {
        int ordinal = here.index.find(key, offset, length, Trailer.FIRST);
        boolean hit = ordinal < here.index.count()
                && block(here, ordinal, true).get(key, offset, length, Trailer.FIRST, into);
        if (hit) {
            into.set(shown(into.trailer()), into.valueArray(), into.valueOffset(), into.valueLength());
        }
        return hit;
    }

    /** Whether the filter lets a key of this hash pass; false is certain. */
    public boolean mayContain(long hash) {
        return filter(parts()).mayContain(hash);
    }

    private boolean mayContain(TableParts here, long hash) {
        BloomFilter filter = here.filter;
        return filter != null ? filter.mayContain(hash) : mayContainUnread(here, hash);
    }

    /**
     * A cursor over the table's point entries, for scans.
     *
     * @param fillCache whether blocks it reads enter the cache
     */
    public TableCursor cursor(boolean fillCache) {
        return new TableCursor(this, fillCache, 0);
    }

    /**
     * A cursor that reads ahead and leaves the cache alone, for compactions and other passes over the whole table.
     *
     * @param readAheadBytes how much to read at once going forward
     */
    public TableCursor sequentialCursor(int readAheadBytes) {
        return new TableCursor(this, false, readAheadBytes);
    }

    /** Bytes of the file that hold the keys {@code [lo, hi)} ({@code hi} null: without end), roughly, from the index. */
    public long approximateBytes(byte[] lo, byte[] hi) {
        TableIndex index = parts().index;
        int first = index.find(lo, 0, lo.length, Trailer.FIRST);
        int last =
                hi == null ? index.count() : Math.min(index.count(), index.find(hi, 0, hi.length, Trailer.FIRST) + 1);
        return Math.max(0, index.offset(last) - index.offset(first));
    }

    /** Size of the blocks that hold nothing but entries of {@code [lo, hi)}, in bytes: at least so much of the range is here. */
    public long bytesWithin(byte[] lo, byte[] hi) {
        TableIndex index = parts().index;
        int first = index.find(lo, 0, lo.length, Trailer.FIRST) + 1;
        int last = Math.min(index.count(), index.find(hi, 0, hi.length, Trailer.FIRST));
        return first < last ? index.offset(last) - index.offset(first) : 0;
    }

    /**
     * Reads every block, and checks what checksums cannot: that entries ascend across all blocks, lie within the bounds the
     * properties give, and are as many as they say, in the table and in its blocks.
     */
    public void verify() {
        TableCheck.run(this);
    }

    /** Closes the file and drops the table's blocks from the cache; harmless when repeated. */
    @Override
    public void close() {
        TableParts last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = parts;
        }
        if (last != null) {
            cache.drop(last);
        }
        cache.release(footer.tombstonesLength());
        try {
            file.close();
        } catch (IOException e) {
            throw new KvIoException("cannot close table " + name + ": " + e.getMessage(), e);
        }
    }

    /** A put at the sequence number to show instead of the stored ones; -1 where those stand. */
    long givenTrailer() {
        return givenTrailer;
    }

    /** The trailer to show for a stored one. */
    long shown(long stored) {
        return givenTrailer < 0 ? stored : Trailer.of(Trailer.seq(givenTrailer), Trailer.kind(stored));
    }

    /** Data block {@code ordinal}, from the cache or the file. */
    Block block(TableParts of, int ordinal, boolean fillCache) {
        Block block = of.blocks.get(ordinal);
        return block != null ? block : load(of, ordinal, fillCache);
    }

    /** As above, of a walk so long that it may not fill the cache as it likes. */
    Block blockOfWalk(TableParts of, int ordinal) {
        Block block = of.blocks.get(ordinal);
        return block != null ? block : load(of, ordinal, cache.admitsOfWalk());
    }

    private Block load(TableParts of, int ordinal, boolean fillCache) {
        int storedLength = of.index.bodyLength(ordinal) + BlockCodec.TRAILER_BYTES;
        if (!fillCache) {
            return read(of.index, ordinal, new byte[storedLength]);
        }
        BlockCache.LoadLock lock = cache.loadLock(of.blocks, ordinal);
        synchronized (lock) {
            Block block = of.blocks.get(ordinal);
            if (block == null) {
                block = read(of.index, ordinal, lock.buffer(storedLength));
                cache.insert(of.blocks, ordinal, block);
            }
            return block;
        }
    }

    private Block read(TableIndex index, int ordinal, byte[] buffer) {
        cache.countMiss();
        readFully(index.offset(ordinal), buffer, index.bodyLength(ordinal) + BlockCodec.TRAILER_BYTES);
        return parse(index, buffer, 0, ordinal);
    }

    /** Turns data block {@code ordinal}, read to {@code start} of {@code stored}, into a block with an array of its own. */
    Block parse(TableIndex index, byte[] stored, int start, int ordinal) {
        long offset = index.offset(ordinal);
        byte[] content = BlockCodec.decode(stored, start, index.bodyLength(ordinal), name, number, offset);
        return new Block(content, content.length, name, offset);
    }

    /** Reads {@code length} bytes at {@code offset} of the file. */
    void readFully(long offset, byte[] into, int length) {
        if (closed) {
            throw new TableClosedException(name);
        }
        try {
            int done = 0;
            while (done < length) {
                int n = file.read(offset + done, into, done, length - done);
                if (n <= 0) {
                    throw new CorruptionException(
                            name, offset + done, "the file ends where " + (length - done) + " more bytes should be");
                }
                done += n;
            }
        } catch (IOException e) {
            if (closed) {
                throw new TableClosedException(name);
            }
            throw new KvIoException("cannot read table " + name + " at offset " + offset + ": " + e.getMessage(), e);
        }
    }

    private TableFooter readFooter() {
        if (fileSize < TableFooter.BYTES) {
            throw new CorruptionException(name, 0, "a table of " + fileSize + " bytes has no footer");
        }
        byte[] bytes = new byte[TableFooter.BYTES];
        readFully(fileSize - TableFooter.BYTES, bytes, bytes.length);
        return TableFooter.decode(bytes, name, number, fileSize - TableFooter.BYTES);
    }

    /** Reads one of the parts behind the data; the footer has checked that it lies within the file. */
    byte[] part(long offset, int bodyLength) {
        byte[] stored = new byte[bodyLength + BlockCodec.TRAILER_BYTES];
        readFully(offset, stored, stored.length);
        return BlockCodec.decode(stored, 0, bodyLength, name, number, offset);
    }
}
