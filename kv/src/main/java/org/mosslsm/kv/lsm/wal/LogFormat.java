package org.mosslsm.kv.lsm.wal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of a log.
 *
 * <pre>
 * log     := block*                                      32 KB each, the last may be shorter
 * block   := fragment* zeros                             fewer zeros than a fragment's head has bytes
 * fragment:= | crc 4 | length 2 | type 1 | log number 4 | synced 4 | payload: length bytes |     little-endian
 *          | | crc 4 | length 2 | type 1 | payload: length bytes |                               of type SHORT
 *
 * crc         CRC32C of the fragment's own offset in the file (8 bytes) and all that follows the crc: a fragment is
 *             good in its own place only
 * type        START         first of the log; payload "mosslog" and the version of the format, one byte
 *             WHOLE         a record
 *             FIRST, MIDDLE, LAST   a record that did not fit into the rest of its block
 *             MARK          nothing, but for what `synced` says
 *             END           the last of the log: no record is missing behind it, though it need not be on the device
 *             SHORT         a record, of a log of version 2: a batch of one entry, without its head: its sequence number
 *                           is the one behind the record before. Its log number is in the checksum only, behind the
 *                           offset
 * log number  low 32 bits; tells what an earlier log left in a recycled file from what belongs to this one
 * synced      how much of the file was known to be on the device when the fragment was written; a SHORT one stands behind
 *             a whole head that says so for it, in the same 4096 bytes of the file
 * </pre>
 *
 * <p>The first fragment that is not good ends the log: there a crash tore it. Unless a good fragment further on says that
 * the place had been synced: then it is damage. A power loss may well bring later pages to the device before earlier
 * ones, so that good fragments behind a bad one mean nothing by themselves.
 *
 * <p>Downsides: damage to the last records, which no later sync covers, cannot be told from a torn tail; {@link
 * LogWriter#mark} makes the time it lasts as short as wanted. A log holds less than 4 GB.
 */
final class LogFormat {
    static final int BLOCK_BYTES = 1 << 15;
    static final int HEAD_BYTES = 15;

    static final int LENGTH_AT = 4;
    static final int TYPE_AT = 6;
    static final int NUMBER_AT = 7;
    static final int SYNCED_AT = 11;

    static final int START = 1;
    static final int WHOLE = 2;
    static final int FIRST = 3;
    static final int MIDDLE = 4;
    static final int LAST = 5;
    static final int MARK = 6;
    static final int END = 7;

    static final int SHORT = 8;

    /** Head of a SHORT fragment. */
    static final int SHORT_HEAD_BYTES = 7;

    /**
     * A SHORT fragment begins in the same so many bytes of the file as one with a whole head that says the same of what is
     * synced: a sector, or page, that is lost takes no more of that with it.
     */
    static final int PAGE_BYTES = 4096;

    /** Without SHORT fragments. */
    static final int FIRST_VERSION = 1;

    /** The newest version. */
    static final int VERSION = 2;

    /** Greatest size of a log: what {@code synced} can say. */
    static final long MAX_BYTES = 0xFFFF_FFFFL;

    /** Times a byte: that byte in each of eight. */
    private static final long EACH = 0x0101_0101_0101_0101L;

    /** The highest bit of each byte. */
    private static final long HIGHEST = 0x8080_8080_8080_8080L;

    private static final byte[] MAGIC = {'m', 'o', 's', 's', 'l', 'o', 'g'};

    private static final VarHandle U16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private LogFormat() {}

    /** Payload of the START fragment of a log of that version. */
    static byte[] startPayload(int version) {
        byte[] payload = Arrays.copyOf(MAGIC, MAGIC.length + 1);
        payload[MAGIC.length] = (byte) version;
        return payload;
    }

    /** The version that a START payload names; -1 where it is none. */
    static int version(byte[] array, int offset, int length) {
        boolean magic = length == MAGIC.length + 1
                && Arrays.equals(array, offset, offset + MAGIC.length, MAGIC, 0, MAGIC.length);
        return magic ? array[offset + MAGIC.length] & 0xFF : -1;
    }

    /** Writes a head at {@code at}, in front of a payload that is in place; {@code position} is its offset in the file. */
    static void putHead(
            byte[] array, int at, int length, int type, long number, long synced, Checksum checksum, long position) {
        U16.set(array, at + LENGTH_AT, (short) length);
        array[at + TYPE_AT] = (byte) type;
        INT.set(array, at + NUMBER_AT, (int) number);
        INT.set(array, at + SYNCED_AT, (int) synced);
        INT.set(array, at, checksum.of(array, at, length, position));
    }

    /** As {@link #putHead}, of a SHORT fragment. */
    static void putShortHead(byte[] array, int at, int length, long number, Checksum checksum, long position) {
        U16.set(array, at + LENGTH_AT, (short) length);
        array[at + TYPE_AT] = SHORT;
        INT.set(array, at, checksum.ofShort(array, at, length, position, (int) number));
    }

    static int crc(byte[] array, int at) {
        return (int) INT.get(array, at);
    }

    static int length(byte[] array, int at) {
        return (short) U16.get(array, at + LENGTH_AT) & 0xFFFF;
    }

    static int type(byte[] array, int at) {
        return array[at + TYPE_AT];
    }

    static int number(byte[] array, int at) {
        return (int) INT.get(array, at + NUMBER_AT);
    }

    /** Of a fragment that is not SHORT. */
    static long synced(byte[] array, int at) {
        return (int) INT.get(array, at + SYNCED_AT) & 0xFFFF_FFFFL;
    }

    /** How many places {@link #mayBegin} looks at. */
    static final int PLACES = 8;

    /**
     * Which of the {@link #PLACES} places from {@code at} on a fragment of that log may begin at: the highest bit of a byte is
     * set where it may be, the lowest byte being the first place. It may be wherever a type is followed by the first byte of
     * the number; it cannot be where it is not said. A head, if no more, must have room at {@code at}.
     */
    static long mayBegin(byte[] array, int at, int number) {
        long types = (long) LONG.get(array, at + TYPE_AT);
        if (types == 0) {
            return 0; // room made ahead is zeros
        }
        long numbers = (long) LONG.get(array, at + NUMBER_AT) ^ (number & 0xFFL) * EACH;
        long types1To7 = isZero(types & 0xF8 * EACH) & ~isZero(types & 0x07 * EACH);
        return types1To7 & isZero(numbers);
    }

    /** The highest bit of each byte that is zero; of no other. */
    private static long isZero(long bytes) {
        return ~(((bytes & ~HIGHEST) + ~HIGHEST) | bytes) & HIGHEST;
    }

    /** Computes checksums of fragments. Thread safety: none. */
    static final class Checksum {
        private final CRC32C crc = new CRC32C();
        private final byte[] position = new byte[8];
        private final byte[] logNumber = new byte[4];

        /** Checksum of the fragment at {@code at} with a payload of {@code length} bytes. */
        int of(byte[] array, int at, int length, long offsetInFile) {
            LONG.set(position, 0, offsetInFile);
            crc.reset();
            crc.update(position, 0, 8);
            crc.update(array, at + LENGTH_AT, HEAD_BYTES - LENGTH_AT + length);
            return (int) crc.getValue();
        }

        /** As {@link #of}, of a SHORT fragment in the log of that number. */
        int ofShort(byte[] array, int at, int length, long offsetInFile, int number) {
            LONG.set(position, 0, offsetInFile);
            INT.set(logNumber, 0, number);
            crc.reset();
            crc.update(position, 0, 8);
            crc.update(logNumber, 0, 4);
            crc.update(array, at + LENGTH_AT, SHORT_HEAD_BYTES - LENGTH_AT + length);
            return (int) crc.getValue();
        }
    }
}
