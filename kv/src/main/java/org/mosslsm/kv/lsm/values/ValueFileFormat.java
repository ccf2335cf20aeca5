package org.mosslsm.kv.lsm.values;

import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.table.BlockCodec;
import org.mosslsm.kv.lsm.table.ByteReader;
import org.mosslsm.kv.lsm.table.ByteWriter;

/**
 * The layout of a value file.
 *
 * <pre>
 * file    := header  record*  footer
 *
 *             0                  8                  12
 * header  := | magic "MossVals" | formatVersion u32 | checksum u32 of the bytes before |              16 bytes
 *
 * record  := bodyLength:u32  body  compression:u8  checksum:u32       behind the length as every block of a table
 *
 *             0            8                16               24                  28             32
 * footer  := | values u64 | valueBytes u64 | recordBytes u64 | formatVersion u32 | checksum u32 | magic "MossVEnd" |
 *
 * values        how many records
 * valueBytes    bytes of the values, before compression
 * recordBytes   bytes of the records: header, records and footer are the whole file
 * checksum      bound to file number and place, as that of a block
 * </pre>
 *
 * A value is one record; who has the pointer reads it with one read. The length in front lets a tool walk the file without
 * the tables. Stateless.
 */
final class ValueFileFormat {
    static final int HEADER_BYTES = 16;
    static final int FOOTER_BYTES = 40;
    static final int FORMAT_VERSION = 1;

    /** "MossVals" as a little-endian number. */
    private static final long HEADER_MAGIC = 0x736C6156_73736F4DL;

    /** "MossVEnd" as a little-endian number. */
    private static final long FOOTER_MAGIC = 0x646E4556_73736F4DL;

    private static final int HEADER_CHECKED = 12;
    private static final int FOOTER_CHECKED = 28;

    private ValueFileFormat() {}

    /** What the footer says. */
    record Footer(long values, long valueBytes, long recordBytes) {}

    static void encodeHeader(long number, ByteWriter out) {
        int start = out.size();
        out.u64(HEADER_MAGIC).u32(FORMAT_VERSION);
        out.u32(BlockCodec.checksum(out.array(), start, HEADER_CHECKED, number, 0));
    }

    static void checkHeader(byte[] bytes, String file, long number) {
        ByteReader in = new ByteReader(bytes, 0, HEADER_BYTES, file, 0);
        if (in.u64() != HEADER_MAGIC) {
            throw new CorruptionException(file, 0, "not a value file: it does not begin with the magic of one");
        }
        check(in.u32(), in.u32() == BlockCodec.checksum(bytes, 0, HEADER_CHECKED, number, 0), file, 0);
    }

    static void encodeFooter(Footer footer, long number, long offset, ByteWriter out) {
        int start = out.size();
        out.u64(footer.values).u64(footer.valueBytes).u64(footer.recordBytes).u32(FORMAT_VERSION);
        out.u32(BlockCodec.checksum(out.array(), start, FOOTER_CHECKED, number, offset));
        out.u64(FOOTER_MAGIC);
    }

    /** Reads the footer that stands at {@code offset}, the last {@link #FOOTER_BYTES} bytes of the file. */
    static Footer decodeFooter(byte[] bytes, String file, long number, long offset) {
        ByteReader in = new ByteReader(bytes, 0, FOOTER_BYTES, file, offset);
        Footer footer = new Footer(in.u64(), in.u64(), in.u64());
        int version = in.u32();
        int checksum = in.u32();
        if (in.u64() != FOOTER_MAGIC) {
            throw new CorruptionException(file, offset, "not a value file: it does not end with the magic of one");
        }
        check(version, checksum == BlockCodec.checksum(bytes, 0, FOOTER_CHECKED, number, offset), file, offset);
        if (footer.recordBytes != offset - HEADER_BYTES || footer.values < 0 || footer.valueBytes < 0) {
            throw new CorruptionException(file, offset, "the footer describes another file: " + footer);
        }
        return footer;
    }

    private static void check(int version, boolean whole, String file, long offset) {
        if (whole && version > FORMAT_VERSION) {
            throw new StoreOpenException(
                    StoreOpenException.Reason.NEWER_FORMAT,
                    file + " has value file format version " + version + "; this release reads version "
                            + FORMAT_VERSION,
                    null);
        }
        if (!whole || version != FORMAT_VERSION) {
            throw new CorruptionException(file, offset, "the head or foot of the file does not match its checksum");
        }
    }
}
