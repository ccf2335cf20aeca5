// Where a scan finds its columns.
package org.mosslsm.sql.encode;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.RowVersion;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.type.SqlType;

/**
 * Says for each column of a scan's rows whether it stands in the key, in front of the value, in the row, or nowhere yet.
 * Made once a plan; immutable, thread-safe; the rows it makes are not.
 */
public final class EntryShape {
    /** In the key; the place is a position in the key segment. */
    static final byte KEY = 0;
    /** In front of the value of a unique index; the place is a position in the value segment. */
    static final byte VALUE = 1;
    /** In the row; the place is a position in the row's layout. */
    static final byte ROW = 2;
    /** Not there: the row is older than the column. */
    static final byte MISSING = 3;
    /** Not held by the index: asking for it is a mistake of the plan. */
    static final byte ABSENT = 4;

    /** How values of a column are read many at a time, see {@link EntryRows}. */
    static final byte ONE_BY_ONE = 0;

    static final byte BYTE = 1;
    static final byte SHORT = 2;
    static final byte INT = 3;
    static final byte LONG = 4;
    static final byte FLOAT = 5;
    static final byte DOUBLE = 6;
    /** Bytes of variable length. */
    static final byte SLICE = 7;
    /** By the codec of a key column that stands at the same place in all keys. */
    static final byte CODEC = 8;

    /** Places of the columns in rows of one version. */
    static final class Places {
        final RowLayout layout;
        final byte[] sources;
        final int[] places;
        final Object[] missing;
        /** How columns are read many at a time. */
        final byte[] reads;

        Places(RowLayout layout, int size) {
            this.layout = layout;
            this.sources = new byte[size];
            this.places = new int[size];
            this.missing = new Object[size];
            this.reads = new byte[size];
        }
    }

    final KeyCodec[] keyCodecs;
    final int keyStart;
    /** Offset of each key column where all before it have a fixed width, else -1. */
    final int[] keyOffsets;

    final KeyCodec[] valueCodecs;
    final boolean hasRow;
    final int size;
    private final Lane[] lanes;
    private final int[] scales;
    private final String tableName;
    private final Places[] byVersion;
    private final int firstVersion;

    private EntryShape(Table table, Index index, int[] ordinals) {
        IndexCodec codec = new IndexCodec(table, index);
        this.size = ordinals.length;
        this.tableName = table.qualifiedName();
        this.keyCodecs = codec.keySegment();
        this.keyStart = codec.prefixLength();
        this.keyOffsets = offsets(keyCodecs, keyStart);
        this.valueCodecs = codec.valueSegment();
        List<RowVersion> versions = codec.isPrimary() ? table.rowVersions() : List.of(new RowVersion(0, List.of()));
        this.hasRow = codec.isPrimary() || codec.include().size() > 0;
        this.firstVersion = versions.get(0).number();
        int last = versions.get(versions.size() - 1).number();
        this.byVersion = new Places[last - firstVersion + 1];
        for (RowVersion version : versions) {
            RowLayout layout = codec.isPrimary() ? new RowLayout(version) : codec.include();
            byVersion[version.number() - firstVersion] = places(table, codec, layout, ordinals);
        }
        this.lanes = new Lane[size];
        this.scales = new int[size];
        for (int i = 0; i < size; i++) {
            SqlType type = ordinals[i] < 0
                    ? SqlType.UNKNOWN
                    : table.rowColumns().get(ordinals[i]).type();
            lanes[i] = Lane.of(type);
            scales[i] = type.scale();
            for (Places places : byVersion) {
                if (places != null) {
                    places.reads[i] = read(places, i);
                }
            }
        }
    }

    /** As what the values of a column are read many at a time. */
    public enum Lane {
        /** Numbers of 64 bits: whole numbers, dates, times; booleans as 0 and 1; short decimals without their point. */
        LONGS,
        /** Floating point. */
        DOUBLES,
        /** Text as UTF-8, byte strings. */
        SLICES,
        /** Not at all. */
        NONE;

        private static Lane of(SqlType type) {
            return switch (type.kind()) {
                case BOOLEAN, SMALLINT, INTEGER, BIGINT, DATE, TIME, TIMESTAMP, TIMESTAMPTZ -> LONGS;
                case DECIMAL -> type.precision() > 0 && type.precision() <= 18 ? LONGS : NONE;
                case REAL, DOUBLE -> DOUBLES;
                case CHAR, VARCHAR, TEXT, BINARY, VARBINARY, BLOB -> SLICES;
                default -> NONE;
            };
        }
    }

    /** As what column {@code i} of the rows is read many at a time. */
    public Lane lane(int i) {
        return lanes[i];
    }

    /** Digits behind the point of column {@code i}, where it is a decimal. */
    public int scale(int i) {
        return scales[i];
    }

    private byte read(Places places, int i) {
        int place = places.places[i];
        if (places.sources[i] == KEY) {
            boolean fixed = keyOffsets[place] >= 0;
            return fixed && (lanes[i] == Lane.LONGS || lanes[i] == Lane.DOUBLES) ? CODEC : ONE_BY_ONE;
        }
        if (places.sources[i] != ROW) {
            return ONE_BY_ONE;
        }
        byte read = places.layout.read(place);
        Lane stored =
                switch (read) {
                    case ONE_BY_ONE -> Lane.NONE;
                    case FLOAT, DOUBLE -> Lane.DOUBLES;
                    case SLICE -> Lane.SLICES;
                    default -> Lane.LONGS;
                };
        return stored == lanes[i] && places.layout.scale(place) == scales[i] ? read : ONE_BY_ONE;
    }

    /**
     * The shape of the entries of an index.
     *
     * @param ordinals for each column of the rows its position in {@code table.rowColumns()}; -1 for one that is not
     *     needed
     */
    public static EntryShape of(Table table, Index index, int[] ordinals) {
        return new EntryShape(table, index, ordinals);
    }

    /** Whether the index holds all these columns as they were written, so that no row need be fetched. */
    public static boolean covers(Table table, Index index, int[] ordinals) {
        EntryShape shape = of(table, index, ordinals);
        for (Places places : shape.byVersion) {
            for (int i = 0; places != null && i < ordinals.length; i++) {
                if (places.sources[i] == ABSENT) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int[] offsets(KeyCodec[] codecs, int start) {
        int[] offsets = new int[codecs.length];
        int at = start;
        for (int i = 0; i < codecs.length; i++) {
            offsets[i] = at;
            at = at < 0 || codecs[i].fixedLength() < 0 ? -1 : at + codecs[i].fixedLength();
        }
        return offsets;
    }

    private static Places places(Table table, IndexCodec codec, RowLayout layout, int[] ordinals) {
        Map<Integer, Integer> inKey = positions(codec.keySegmentOrdinals());
        Map<Integer, Integer> inValue = positions(codec.valueSegmentOrdinals());
        Places places = new Places(layout, ordinals.length);
        for (int i = 0; i < ordinals.length; i++) {
            if (ordinals[i] < 0) {
                places.sources[i] = ABSENT;
                continue;
            }
            Column column = table.rowColumns().get(ordinals[i]);
            boolean exactKey = KeyCodec.keepsAll(column.type());
            int position = layout.position(column.id());
            if (exactKey && inKey.containsKey(ordinals[i])) {
                places.sources[i] = KEY;
                places.places[i] = inKey.get(ordinals[i]);
            } else if (exactKey && inValue.containsKey(ordinals[i])) {
                places.sources[i] = VALUE;
                places.places[i] = inValue.get(ordinals[i]);
            } else if (position >= 0) {
                places.sources[i] = ROW;
                places.places[i] = position;
            } else if (codec.isPrimary()) {
                places.sources[i] = MISSING;
                places.missing[i] = column.missingValue();
            } else {
                places.sources[i] = ABSENT;
            }
        }
        return places;
    }

    private static Map<Integer, Integer> positions(int[] ordinals) {
        Map<Integer, Integer> positions = new TreeMap<>();
        for (int i = 0; i < ordinals.length; i++) {
            positions.putIfAbsent(ordinals[i], i);
        }
        return positions;
    }

    /** Places for the rows of a version. */
    Places placesOf(int version) {
        int i = version - firstVersion;
        if (i < 0 || i >= byVersion.length || byVersion[i] == null) {
            throw new CorruptionException(
                    "table " + tableName,
                    -1,
                    "a row names version " + version + " of its layout, which does not exist");
        }
        return byVersion[i];
    }

    /** Places where there is no row. */
    Places onlyPlaces() {
        return byVersion[0];
    }

    /** A row to be set to one entry after another. */
    public EncodedRow newRow() {
        return new EncodedRow(this);
    }
}
