package org.mosslsm.kv.lsm.table;

import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;

/**
 * The last 64 bytes of a table: where its other parts are.
 *
 * <pre>
 *  0  filterOffset:u64le      filterLength:u32le           lengths are of the bodies; 0 where the part is absent
 * 12  tombstonesOffset:u64le  tombstonesLength:u32le
 * 24  propertiesOffset:u64le  propertiesLength:u32le
 * 36  indexOffset:u64le       indexLength:u32le
 * 48  formatVersion:u32le                                 1, or 2 where entries point to values in other files
 * 52  checksum:u32le          CRC32C of bytes 0..52, bound to file number and offset as that of a block
 * 56  magic:8 bytes           "MossTabl"
 * </pre>
 *
 * Magic and version come last and are judged first, so that a file that is not ours, and one from a newer release, are
 * told from a damaged one.
 *
 * @param dataEnd where the data blocks end, which is where the first of the other parts begins
 * @param version of the format
 */
record TableFooter(
        long filterOffset,
        int filterLength,
        long tombstonesOffset,
        int tombstonesLength,
        long propertiesOffset,
        int propertiesLength,
        long indexOffset,
        int indexLength,
        long dataEnd,
        int version) {
    static final int BYTES = 64;

    /** What a table says that holds all its values, so that releases which know no others read it. */
    static final int FIRST_VERSION = 1;

    /** What a table says that points to value files. */
    static final int WITH_POINTERS = 2;

    /** "MossTabl" as a little-endian number. */
    static final long MAGIC = 0x6C626154_73736F4DL;

    private static final int CHECKED_BYTES = 52;

    /** The same with properties of that length, and the index behind them. */
    TableFooter withProperties(int length) {
        return new TableFooter(
                filterOffset,
                filterLength,
                tombstonesOffset,
                tombstonesLength,
                propertiesOffset,
                length,
                propertiesOffset + length + BlockCodec.TRAILER_BYTES,
                indexLength,
                dataEnd,
                version);
    }

    static void encode(TableFooter footer, long fileNumber, long fileOffset, ByteWriter out) {
        int start = out.size();
        out.u64(footer.filterOffset).u32(footer.filterLength);
        out.u64(footer.tombstonesOffset).u32(footer.tombstonesLength);
        out.u64(footer.propertiesOffset).u32(footer.propertiesLength);
        out.u64(footer.indexOffset).u32(footer.indexLength);
        out.u32(footer.version);
        out.u32(BlockCodec.checksum(out.array(), start, CHECKED_BYTES, fileNumber, fileOffset));
        out.u64(MAGIC);
    }

    /** Reads the footer that stands at {@code fileOffset}, the last {@link #BYTES} bytes of the file. */
    static TableFooter decode(byte[] bytes, String file, long fileNumber, long fileOffset) {
        ByteReader in = new ByteReader(bytes, 0, BYTES, file, fileOffset);
        long filterOffset = in.u64();
        int filterLength = in.u32();
        long tombstonesOffset = in.u64();
        int tombstonesLength = in.u32();
        long propertiesOffset = in.u64();
        int propertiesLength = in.u32();
        long indexOffset = in.u64();
        int indexLength = in.u32();
        int version = in.u32();
        int checksum = in.u32();
        if (in.u64() != MAGIC) {
            throw new CorruptionException(file, fileOffset, "not a table: it does not end with the magic of one");
        }
        boolean whole = checksum == BlockCodec.checksum(bytes, 0, CHECKED_BYTES, fileNumber, fileOffset);
        if (whole && version > WITH_POINTERS) {
            throw new StoreOpenException(
                    StoreOpenException.Reason.NEWER_FORMAT,
                    file + " has table format version " + version + "; this release reads version " + WITH_POINTERS,
                    null);
        }
        if (!whole || version < FIRST_VERSION || version > WITH_POINTERS) {
            throw new CorruptionException(file, fileOffset, "the footer does not match its checksum");
        }
        // The parts stand in this order, each ending where the next begins; an absent one takes no room.
        long at = part(file, filterOffset, filterLength, filterOffset);
        at = part(file, tombstonesOffset, tombstonesLength, at);
        at = part(file, propertiesOffset, propertiesLength, at);
        at = part(file, indexOffset, indexLength, at);
        if (at != fileOffset || filterOffset < 0) {
            throw new CorruptionException(file, fileOffset, "the footer describes a file that ends at " + at);
        }
        return new TableFooter(
                filterOffset,
                filterLength,
                tombstonesOffset,
                tombstonesLength,
                propertiesOffset,
                propertiesLength,
                indexOffset,
                indexLength,
                filterOffset,
                version);
    }

    private static long part(String file, long offset, int length, long expected) {
        if (offset != expected || length < 0 || length > BlockCodec.MAX_BLOCK_BYTES) {
            throw new CorruptionException(
                    file, offset, "a part of " + length + " bytes at " + offset + ", expected at " + expected);
        }
        return length == 0 ? offset : offset + length + BlockCodec.TRAILER_BYTES;
    }
}
