package org.mosslsm.kv.lsm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.table.Compression;

/**
 * How an {@link Lsm} is opened. Immutable; every option has a default that suits most, and memory follows the heap.
 *
 * <pre>
 * name           unit    default              what it trades
 * durability     word    sync                 safety against commits a second; see {@link Durability}:
 *                                             sync, process, interval:&lt;ms&gt; or none
 * memoryBytes    bytes   heap * 7/16          the whole budget: memtables, blocks, indexes and filters
 * memtableBytes  bytes   memory/7, 1-64 MB    fewer, larger tables against memory; up to three are held
 * cacheBytes     bytes   memory less three    fewer reads of the disk against memory
 *                        memtables
 * blockBytes     bytes   4096                 less read for a point get against compression and size of the
 *                                             index
 * compression    word    lz4                  size on disk against processor time; lz4, none or zstd
 * largeValueBytes  bytes  0, never              values from this size on lie in files of their own: less rewritten,
 *                                             against one more read; 0 keeps all in the tables
 * bottomCompression  word  as compression     the same for the last level, where most of the data lies: zstd, with
 *                                             com.github.luben:zstd-jni on the class path, packs tighter and slower
 * create         word    true                 false: opening a directory that is not there is an error
 * compactionStyle  word  leveled              leveled: reads and room; tiered: a third of the writes, twice the room
 * compactionThreads  count  cores/2, 1-4      faster recovery from bursts of writes against processors for others
 * subcompactions count   cores/2, 1-4         parts a large compaction is split into; 1 below four cores
 * compactionBytesPerSecond  bytes  0, no limit  disk left to others against a store that gets out of shape
 * </pre>
 */
public final class LsmOptions {
    /** Larger arrays would be humongous to G1. */
    static final int MAX_BLOCK_BYTES = 128 << 10;

    private static final long MB = 1 << 20;

    /** Values apart are read past the block cache: worth it for who overwrites large ones, and so to be asked for. */
    private static final int DEFAULT_LARGE_VALUE = 0;

    private static final long LEAST_MEMTABLE = 4 << 10;
    private static final long LEAST_CACHE = 64 << 10;

    /** The one being written, and those that wait for their flush: writers wait for it sooner than they make another. */
    private static final int HELD_MEMTABLES = 3;

    private static final List<String> NAMES = List.of(
            "blockBytes",
            "bottomCompression",
            "cacheBytes",
            "compactionBytesPerSecond",
            "compactionStyle",
            "compactionThreads",
            "compression",
            "create",
            "durability",
            "largeValueBytes",
            "memoryBytes",
            "memtableBytes",
            "subcompactions");

    private final Durability durability;
    private final long memoryBytes;
    private final long memtableBytes;
    private final long cacheBytes;
    private final int blockBytes;
    private final Compression compression;
    private final Compression bottomCompression;
    private final int largeValueBytes;
    private final boolean create;
    private final CompactionStyle compactionStyle;
    private final int compactionThreads;
    private final int subcompactions;
    private final long compactionBytesPerSecond;

    /** Which tables are merged. */
    public enum CompactionStyle {
        /** Each level ten times the one above, without overlaps: few tables a read, little room lost. */
        LEVELED,
        /** Tables of similar size together: each entry is rewritten seldom, and reads look into more tables. */
        TIERED
    }

    private LsmOptions(Builder builder) {
        this.durability = builder.durability;
        long budget = builder.memoryBytes;
        this.memtableBytes = builder.memtableBytes > 0
                ? builder.memtableBytes
                : Math.max(LEAST_MEMTABLE, Math.min(clamp(budget / 7, MB, 64 * MB), budget / 4));
        this.cacheBytes = builder.cacheBytes > 0
                ? builder.cacheBytes
                : Math.max(LEAST_CACHE, Math.max(budget / 4, budget - HELD_MEMTABLES * memtableBytes));
        this.memoryBytes = HELD_MEMTABLES * memtableBytes + cacheBytes;
        this.blockBytes = builder.blockBytes;
        this.compression = builder.compression;
        this.bottomCompression = builder.bottomCompression == null ? compression : builder.bottomCompression;
        this.largeValueBytes = builder.largeValueBytes;
        this.create = builder.create;
        this.compactionStyle = builder.compactionStyle;
        this.compactionThreads = builder.compactionThreads;
        this.subcompactions = builder.subcompactions;
        this.compactionBytesPerSecond = builder.compactionBytesPerSecond;
    }

    /** All defaults, for the heap of this process. */
    public static LsmOptions defaults() {
        return builder().build();
    }

    /** A builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads options from text, as they stand in a URL. Sizes are bytes, or a number with the suffix k, m or g.
     *
     * @throws StoreOpenException UNSUPPORTED when a name is unknown or a value unusable; the message says what is possible
     */
    public static LsmOptions parse(Map<String, String> options) {
        Builder builder = builder();
        options.forEach((name, value) -> {
            try {
                builder.set(name, value);
            } catch (IllegalArgumentException e) {
                throw new StoreOpenException(StoreOpenException.Reason.UNSUPPORTED, e.getMessage(), e);
            }
        });
        return builder.build();
    }

    /** Names of all options, sorted. */
    public static List<String> names() {
        return NAMES;
    }

    /** Durability of writes through the conveniences of {@link Lsm}; a {@code CommitRequest} brings its own. */
    public Durability durability() {
        return durability;
    }

    /** Memory for all together, in bytes: three memtables and the cache, whichever options gave their sizes. */
    public long memoryBytes() {
        return memoryBytes;
    }

    /** Size at which the memtable is written to a table, in bytes. */
    public long memtableBytes() {
        return memtableBytes;
    }

    /** Memory for blocks, indexes and filters of tables, in bytes. */
    public long cacheBytes() {
        return cacheBytes;
    }

    /** Uncompressed size of a data block, in bytes. */
    public int blockBytes() {
        return blockBytes;
    }

    /** Compression of tables. */
    public Compression compression() {
        return compression;
    }

    /** Compression of tables of the last level. */
    public Compression bottomCompression() {
        return bottomCompression;
    }

    /** Size from which on values are kept in files of their own, in bytes; 0 for never. */
    public int largeValueBytes() {
        return largeValueBytes;
    }

    /** Whether a directory that does not exist is created. */
    public boolean create() {
        return create;
    }

    /** Which tables are merged. */
    public CompactionStyle compactionStyle() {
        return compactionStyle;
    }

    /** Compactions that may run side by side. */
    public int compactionThreads() {
        return compactionThreads;
    }

    /** Parts a large compaction is split into, to run side by side; 1 is one thread for each. */
    public int subcompactions() {
        return subcompactions;
    }

    /** Bytes a second compactions may write, all together; 0 for no limit. */
    public long compactionBytesPerSecond() {
        return compactionBytesPerSecond;
    }

    /** Collects options; not thread-safe. */
    public static final class Builder {
        private Durability durability = Durability.SYNC;
        private long memoryBytes = Math.max(MB, heap() / 16 * 7);

        /** 0 until given: a share of the whole. */
        private long memtableBytes;

        private long cacheBytes;
        private int blockBytes = 4 << 10;
        private Compression compression = Compression.LZ4;
        private Compression bottomCompression;
        private int largeValueBytes = DEFAULT_LARGE_VALUE;
        private boolean create = true;
        private CompactionStyle compactionStyle = CompactionStyle.LEVELED;
        private int compactionThreads = (int) clamp(cores() / 2, 1, 4);
        private int subcompactions = cores() < 4 ? 1 : (int) clamp(cores() / 2, 1, 4);
        private long compactionBytesPerSecond;

        private Builder() {}

        /** Durability of writes through the conveniences of {@link Lsm}; default SYNC, so that nothing returned is lost. */
        public Builder durability(Durability value) {
            durability = value;
            return this;
        }

        /** Memory for memtables, blocks, indexes and filters together, 128 KB or more; the two below override their shares. */
        public Builder memoryBytes(long value) {
            memoryBytes = inRange("memoryBytes", value, 128 << 10, Long.MAX_VALUE);
            return this;
        }

        /** Size at which the memtable is written out: 4 KB to 1 GB. Tiny ones are for tests. */
        public Builder memtableBytes(long value) {
            memtableBytes = inRange("memtableBytes", value, 4 << 10, 1 << 30);
            return this;
        }

        /** Memory for blocks, indexes and filters: 64 KB or more; below some MB every read goes to the disk. */
        public Builder cacheBytes(long value) {
            cacheBytes = inRange("cacheBytes", value, 64 << 10, Long.MAX_VALUE);
            return this;
        }

        /** Uncompressed size of a data block: 1 KB to 128 KB. */
        public Builder blockBytes(int value) {
            blockBytes = (int) inRange("blockBytes", value, 1 << 10, MAX_BLOCK_BYTES);
            return this;
        }

        /** Compression of tables, of all levels. */
        public Builder compression(Compression value) {
            compression = value;
            return this;
        }

        /** Compression of the tables of the last level; default is that of the others. */
        public Builder bottomCompression(Compression value) {
            bottomCompression = value;
            return this;
        }

        /**
         * Size from which on a value goes into a file of its own kind, with a pointer in its place, so that merges of keys do
         * not rewrite it: 64 bytes to 1 GB, or 0 for never. What is written already stays as it is until it is merged. Tiny
         * ones are for tests.
         */
        public Builder largeValueBytes(int value) {
            largeValueBytes = value == 0 ? 0 : (int) inRange("largeValueBytes", value, 64, 1 << 30);
            return this;
        }

        /** Whether a directory that does not exist is created; default true. */
        public Builder create(boolean value) {
            create = value;
            return this;
        }

        /** Which tables are merged; default leveled. A store may change its style from one open to the next. */
        public Builder compactionStyle(CompactionStyle value) {
            compactionStyle = value;
            return this;
        }

        /** Compactions side by side, where they do not meet: 1 to 64. Flushes have a thread of their own. */
        public Builder compactionThreads(int value) {
            compactionThreads = (int) inRange("compactionThreads", value, 1, 64);
            return this;
        }

        /** Parts of one large compaction side by side: 1 to 64. */
        public Builder subcompactions(int value) {
            subcompactions = (int) inRange("subcompactions", value, 1, 64);
            return this;
        }

        /** Bytes a second compactions may write: 64 KB or more, or 0 for no limit. Too few, and writers are held back. */
        public Builder compactionBytesPerSecond(long value) {
            compactionBytesPerSecond =
                    value == 0 ? 0 : inRange("compactionBytesPerSecond", value, 64 << 10, Long.MAX_VALUE);
            return this;
        }

        private void set(String name, String value) {
            switch (name) {
                case "durability" -> durability(parseDurability(value));
                case "memoryBytes" -> memoryBytes(parseBytes(name, value));
                case "memtableBytes" -> memtableBytes(parseBytes(name, value));
                case "cacheBytes" -> cacheBytes(parseBytes(name, value));
                case "blockBytes" -> blockBytes((int) inRange(name, parseBytes(name, value), 1 << 10, MAX_BLOCK_BYTES));
                case "compression" -> compression(parseCompression(name, value));
                case "bottomCompression" -> bottomCompression(parseCompression(name, value));
                case "compactionStyle" -> compactionStyle(parseStyle(value));
                case "compactionThreads" -> compactionThreads(parseCount(name, value));
                case "subcompactions" -> subcompactions(parseCount(name, value));
                case "compactionBytesPerSecond" -> compactionBytesPerSecond(parseBytes(name, value));
                case "largeValueBytes" -> largeValueBytes((int) Math.min(Integer.MAX_VALUE, parseBytes(name, value)));
                case "create" -> create(parseBoolean(name, value));
                default ->
                    throw new IllegalArgumentException(
                            "unknown option '" + name + "'; known are " + String.join(", ", NAMES));
            }
        }

        /** The options. */
        public LsmOptions build() {
            return new LsmOptions(this);
        }
    }

    private static Durability parseDurability(String value) {
        String word = value.toLowerCase(Locale.ROOT);
        return switch (word) {
            case "sync" -> Durability.SYNC;
            case "process" -> Durability.PROCESS;
            case "none" -> Durability.NONE;
            default -> {
                if (!word.matches("interval:0*[1-9][0-9]{0,6}")) {
                    throw unusable("durability", value, "sync, process, interval:<milliseconds> or none");
                }
                yield Durability.interval(Integer.parseInt(word.substring("interval:".length())));
            }
        };
    }

    private static Compression parseCompression(String option, String value) {
        List<String> known = new ArrayList<>();
        for (Compression c : Compression.values()) {
            String name = c.name().toLowerCase(Locale.ROOT);
            if (name.equals(value.toLowerCase(Locale.ROOT))) {
                return c;
            }
            known.add(name);
        }
        throw unusable(option, value, String.join(" or ", known));
    }

    private static CompactionStyle parseStyle(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "leveled" -> CompactionStyle.LEVELED;
            case "tiered" -> CompactionStyle.TIERED;
            default -> throw unusable("compactionStyle", value, "leveled or tiered");
        };
    }

    private static int parseCount(String name, String value) {
        if (!value.matches("[0-9]{1,4}")) {
            throw unusable(name, value, "a number");
        }
        return Integer.parseInt(value);
    }

    private static boolean parseBoolean(String name, String value) {
        if (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
            return Boolean.parseBoolean(value);
        }
        throw unusable(name, value, "true or false");
    }

    private static long parseBytes(String name, String value) {
        if (!value.matches("[0-9]{1,12}[kKmMgG]?")) {
            throw unusable(name, value, "a number of bytes, as 65536, 64k or 4m");
        }
        char last = Character.toLowerCase(value.charAt(value.length() - 1));
        int shift = last == 'k' ? 10 : last == 'm' ? 20 : last == 'g' ? 30 : 0;
        return Long.parseLong(shift == 0 ? value : value.substring(0, value.length() - 1)) << shift;
    }

    private static long inRange(String name, long value, long least, long greatest) {
        if (value < least || value > greatest) {
            throw new IllegalArgumentException(
                    "option '" + name + "' is " + value + "; it must be in " + least + ".." + greatest);
        }
        return value;
    }

    private static IllegalArgumentException unusable(String name, String value, String wanted) {
        return new IllegalArgumentException("option '" + name + "' cannot be '" + value + "'; it is " + wanted);
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static long heap() {
        return Runtime.getRuntime().maxMemory();
    }

    private static long clamp(long value, long least, long greatest) {
        return Math.max(least, Math.min(greatest, value));
    }
}
