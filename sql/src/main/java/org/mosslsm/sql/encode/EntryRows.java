// Many rows of a scan at a time.
package org.mosslsm.sql.encode;

import org.mosslsm.kv.EntryBatch;

/**
 * The entries of a batch as rows whose columns are read many at a time, straight from the encoded bytes: one decision a
 * column and batch instead of one a value. Rows are named by their place in the batch.
 *
 * <p>A view holds entries whose rows are of one version; see {@link #set}. Thread safety: none.
 */
public final class EntryRows {
    private final EntryShape shape;
    private EntryBatch batch;
    private EntryShape.Places places;
    private byte[][] arrays = new byte[0][];
    private int[] starts = new int[0];

    /** A view that shows nothing yet. */
    public EntryRows(EntryShape shape) {
        this.shape = shape;
    }

    /**
     * Turns to the entries of {@code newBatch} from {@code from} on, as far as their rows are of one version.
     *
     * @return where these end
     */
    public int set(EntryBatch newBatch, int from) {
        batch = newBatch;
        int size = newBatch.size();
        if (!shape.hasRow) {
            places = shape.onlyPlaces();
            return size;
        }
        if (arrays.length < size) {
            arrays = new byte[size][];
            starts = new int[size];
        }
        int version = -1;
        int i = from;
        for (; i < size; i++) {
            byte[] array = newBatch.valueArray(i);
            int start = rowStart(array, newBatch.valueOffset(i));
            int rowVersion = RowLayout.versionOf(array, start);
            if (rowVersion != version) {
                if (i > from) {
                    break;
                }
                places = shape.placesOf(rowVersion);
                version = rowVersion;
            }
            arrays[i] = array;
            starts[i] = start;
        }
        return i;
    }

    private int rowStart(byte[] array, int offset) {
        int at = offset;
        for (KeyCodec codec : shape.valueCodecs) {
            at = codec.end(array, at);
        }
        return at;
    }

    /** Whether the rows shown have column {@code i} where {@link EntryShape#lane} says. */
    public boolean reads(int i) {
        return places.reads[i] != EntryShape.ONE_BY_ONE;
    }

    /**
     * Reads a column of {@link EntryShape.Lane#LONGS}.
     *
     * @param rows places in the batch of the rows wanted, {@code count} of them
     * @param into gets their values; where NULL, anything
     * @param nulls gets whether they are NULL
     * @return whether any of them is
     */
    public boolean longs(int i, int[] rows, int count, long[] into, boolean[] nulls) {
        int read = places.reads[i];
        if (read == EntryShape.CODEC) {
            return keyLongs(i, rows, count, into, nulls);
        }
        int offset = places.layout.offset(places.places[i]);
        switch (read) {
            case EntryShape.LONG -> {
                for (int j = 0; j < count; j++) {
                    int row = rows[j];
                    into[j] = (long) KeyWriter.LONG.get(arrays[row], starts[row] + offset);
                }
            }
            case EntryShape.INT -> {
                for (int j = 0; j < count; j++) {
                    int row = rows[j];
                    into[j] = (int) KeyWriter.INT.get(arrays[row], starts[row] + offset);
                }
            }
            case EntryShape.SHORT -> {
                for (int j = 0; j < count; j++) {
                    int row = rows[j];
                    into[j] = (short) KeyWriter.SHORT.get(arrays[row], starts[row] + offset);
                }
            }
            case EntryShape.BYTE -> {
                for (int j = 0; j < count; j++) {
                    int row = rows[j];
                    into[j] = arrays[row][starts[row] + offset] == 0 ? 0 : 1;
                }
            }
            default -> throw new IllegalStateException("column " + i + " is not read as longs");
        }
        return nulls(i, rows, count, nulls);
    }

    private boolean keyLongs(int i, int[] rows, int count, long[] into, boolean[] nulls) {
        KeyCodec codec = shape.keyCodecs[places.places[i]];
        int offset = shape.keyOffsets[places.places[i]];
        byte[] keys = batch.keys();
        boolean any = false;
        for (int j = 0; j < count; j++) {
            int at = batch.keyOffset(rows[j]) + offset;
            nulls[j] = codec.isNull(keys, at);
            any |= nulls[j];
            into[j] = nulls[j] ? 0 : codec.decodeLong(keys, at);
        }
        return any;
    }

    /** As {@link #longs}, of a column of {@link EntryShape.Lane#DOUBLES}. */
    public boolean doubles(int i, int[] rows, int count, double[] into, boolean[] nulls) {
        if (places.reads[i] == EntryShape.CODEC) {
            return keyDoubles(i, rows, count, into, nulls);
        }
        RowLayout layout = places.layout;
        int place = places.places[i];
        for (int j = 0; j < count; j++) {
            int row = rows[j];
            into[j] = layout.getDouble(arrays[row], starts[row], place);
        }
        return nulls(i, rows, count, nulls);
    }

    private boolean keyDoubles(int i, int[] rows, int count, double[] into, boolean[] nulls) {
        KeyCodec codec = shape.keyCodecs[places.places[i]];
        int offset = shape.keyOffsets[places.places[i]];
        byte[] keys = batch.keys();
        boolean any = false;
        for (int j = 0; j < count; j++) {
            int at = batch.keyOffset(rows[j]) + offset;
            nulls[j] = codec.isNull(keys, at);
            any |= nulls[j];
            into[j] = nulls[j] ? 0 : codec.decodeDouble(keys, at);
        }
        return any;
    }

    /**
     * As {@link #longs}, of a column of {@link EntryShape.Lane#SLICES}: the bytes of row {@code rows[j]} are
     * {@code lengths[j]} from {@code offsets[j]} on in {@code into[j]}; none where NULL.
     */
    public boolean slices(int i, int[] rows, int count, byte[][] into, int[] offsets, int[] lengths, boolean[] nulls) {
        RowLayout layout = places.layout;
        int place = places.places[i];
        boolean any = nulls(i, rows, count, nulls);
        for (int j = 0; j < count; j++) {
            int row = rows[j];
            long slice = layout.slice(arrays[row], starts[row], place);
            into[j] = arrays[row];
            offsets[j] = (int) slice;
            lengths[j] = (int) (slice >>> 32);
        }
        return any;
    }

    /** Finds the NULLs of a column that {@link #reads} says yes to; the result as of {@link #longs}. */
    public boolean nulls(int i, int[] rows, int count, boolean[] nulls) {
        if (places.reads[i] == EntryShape.CODEC) {
            KeyCodec codec = shape.keyCodecs[places.places[i]];
            int offset = shape.keyOffsets[places.places[i]];
            boolean any = false;
            for (int j = 0; j < count; j++) {
                nulls[j] = codec.isNull(batch.keys(), batch.keyOffset(rows[j]) + offset);
                any |= nulls[j];
            }
            return any;
        }
        int place = places.places[i];
        int at = RowLayout.HEADER + (place >> 3);
        int bit = 1 << (place & 7);
        int any = 0;
        for (int j = 0; j < count; j++) {
            int row = rows[j];
            int set = arrays[row][starts[row] + at] & bit;
            nulls[j] = set != 0;
            any |= set;
        }
        return any != 0;
    }
}
