// A row that is decoded as it is asked.
package org.mosslsm.sql.encode;

import org.mosslsm.sql.expr.Row;

/**
 * A view of one index entry as a row: a column is decoded when it is asked for, each time. Reused for one entry after
 * another; valid as long as the arrays it was set to. Not thread-safe.
 */
public final class EncodedRow extends Row {
    private final EntryShape shape;
    private final int[] keyEnds;
    private final int[] valueEnds;

    private EntryShape.Places places;
    private int version = -1;
    private byte[] key;
    private int keyOffset;
    private int keyKnown;
    private byte[] value;
    private int valueOffset;
    private int valueKnown;
    /** Where the row starts in the value; -1 until asked for. */
    private int rowStart;

    EncodedRow(EntryShape shape) {
        this.shape = shape;
        this.keyEnds = new int[shape.keyCodecs.length];
        this.valueEnds = new int[shape.valueCodecs.length];
        this.places = shape.hasRow ? null : shape.onlyPlaces();
    }

    /** Shows another entry. */
    public EncodedRow set(byte[] newKey, int newKeyOffset, byte[] newValue, int newValueOffset) {
        key = newKey;
        keyOffset = newKeyOffset;
        keyKnown = 0;
        value = newValue;
        valueOffset = newValueOffset;
        valueKnown = 0;
        if (shape.hasRow) {
            rowStart = shape.valueCodecs.length == 0 ? newValueOffset : valueEnd(shape.valueCodecs.length - 1);
            int rowVersion = RowLayout.versionOf(newValue, rowStart);
            if (rowVersion != version) {
                places = shape.placesOf(rowVersion);
                version = rowVersion;
            }
        }
        return this;
    }

    @Override
    public int size() {
        return shape.size;
    }

    @Override
    public boolean isNull(int i) {
        int place = places.places[i];
        return switch (places.sources[i]) {
            case EntryShape.ROW -> places.layout.isNull(value, rowStart, place);
            case EntryShape.KEY -> shape.keyCodecs[place].isNull(key, keyStart(place));
            case EntryShape.VALUE -> false;
            case EntryShape.MISSING -> places.missing[i] == null;
            default -> throw absent(i);
        };
    }

    /** Whether {@link #getLong} shows column {@code i} as {@link EntryShape.Lane#LONGS} are, a short decimal among them. */
    public boolean showsLong(int i) {
        return places.reads[i] != EntryShape.ONE_BY_ONE && shape.lane(i) == EntryShape.Lane.LONGS;
    }

    @Override
    public long getLong(int i) {
        int place = places.places[i];
        return switch (places.sources[i]) {
            case EntryShape.ROW -> places.layout.getLong(value, rowStart, place);
            case EntryShape.KEY -> shape.keyCodecs[place].decodeLong(key, keyStart(place));
            case EntryShape.VALUE -> shape.valueCodecs[place].decodeLong(value, valueStart(place));
            case EntryShape.MISSING -> (Long) places.missing[i];
            default -> throw absent(i);
        };
    }

    @Override
    public double getDouble(int i) {
        int place = places.places[i];
        return switch (places.sources[i]) {
            case EntryShape.ROW -> places.layout.getDouble(value, rowStart, place);
            case EntryShape.KEY -> shape.keyCodecs[place].decodeDouble(key, keyStart(place));
            case EntryShape.VALUE -> shape.valueCodecs[place].decodeDouble(value, valueStart(place));
            case EntryShape.MISSING -> (Double) places.missing[i];
            default -> throw absent(i);
        };
    }

    @Override
    public Object get(int i) {
        int place = places.places[i];
        return switch (places.sources[i]) {
            case EntryShape.ROW -> places.layout.get(value, rowStart, place);
            case EntryShape.KEY -> shape.keyCodecs[place].decode(key, keyStart(place));
            case EntryShape.VALUE -> shape.valueCodecs[place].decode(value, valueStart(place));
            case EntryShape.MISSING -> places.missing[i];
            default -> throw absent(i);
        };
    }

    private IllegalStateException absent(int i) {
        return new IllegalStateException("column " + i + " is not held by this index");
    }

    private int keyStart(int place) {
        int fixed = shape.keyOffsets[place];
        if (fixed >= 0) {
            return keyOffset + fixed;
        }
        while (keyKnown < place) {
            int from = keyKnown == 0 ? keyOffset + shape.keyStart : keyEnds[keyKnown - 1];
            keyEnds[keyKnown] = shape.keyCodecs[keyKnown].end(key, from);
            keyKnown++;
        }
        return keyEnds[place - 1];
    }

    private int valueStart(int place) {
        return place == 0 ? valueOffset : valueEnd(place - 1);
    }

    private int valueEnd(int place) {
        while (valueKnown <= place) {
            int from = valueKnown == 0 ? valueOffset : valueEnds[valueKnown - 1];
            valueEnds[valueKnown] = shape.valueCodecs[valueKnown].end(value, from);
            valueKnown++;
        }
        return valueEnds[place];
    }
}
