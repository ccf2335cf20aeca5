package org.mosslsm.kv.lsm.version;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.vfs.RandomFile;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * The file {@code CURRENT}: what makes a directory a store, and which manifest is in force.
 *
 * <pre>
 * mosslsm store format 3\n
 * MANIFEST-000001\n
 * crc32c 89abcdef\n           of the lines before, eight hexadecimal digits
 * </pre>
 *
 * Text, so that a person who finds the directory can tell what it is. Replaced as a whole: the new one is written beside
 * it, synced, renamed over it, and the directory synced; a crash leaves either the old or the new.
 */
final class CurrentFile {
    private static final Pattern LAYOUT =
            Pattern.compile("(mosslsm store format ([0-9]{1,9})\n(MANIFEST-[0-9]{6,18})\n)crc32c ([0-9a-f]{8})\n");
    private static final Pattern FIRST_LINE = Pattern.compile("mosslsm store format ([0-9]{1,9})\n");

    /** Longer than any CURRENT we write. */
    private static final int MAX_BYTES = 256;

    private CurrentFile() {}

    /**
     * Name of the manifest in force.
     *
     * @throws StoreOpenException NOT_A_STORE when the file is not one of ours or damaged, NEWER_FORMAT
     */
    static String read(Vfs vfs) throws IOException {
        String text = text(vfs);
        Matcher first = FIRST_LINE.matcher(text);
        if (first.lookingAt() && Long.parseLong(first.group(1)) > VersionEdit.WITH_CLOSE) {
            throw VersionEdit.newerFormat(FileNames.CURRENT, Long.parseLong(first.group(1)));
        }
        Matcher whole = LAYOUT.matcher(text);
        if (!whole.matches() || !whole.group(4).equals(checksum(whole.group(1)))) {
            throw new StoreOpenException(
                    StoreOpenException.Reason.NOT_A_STORE,
                    "the file " + FileNames.CURRENT + " is damaged or not that of a MossLSM store",
                    null);
        }
        return whole.group(3);
    }

    /** Puts a manifest in force, durably. */
    static void replace(Vfs vfs, ManifestWriter manifest) throws IOException {
        prepare(vfs, manifest);
        try (Vfs.DirectorySync directory = vfs.openToSync()) {
            putInForce(vfs, directory);
        }
    }

    /** Writes the new file beside the old one. */
    static void prepare(Vfs vfs, ManifestWriter manifest) throws IOException {
        String head = "mosslsm store format " + manifest.formatVersion() + "\n" + manifest.name() + "\n";
        byte[] text = (head + "crc32c " + checksum(head) + "\n").getBytes(StandardCharsets.US_ASCII);
        try (WritableFile file = vfs.create(FileNames.CURRENT_TEMP)) {
            file.append(text, 0, text.length);
            file.sync();
        }
    }

    /** Puts what was prepared in the old one's place, durably. */
    static void putInForce(Vfs vfs, Vfs.DirectorySync directory) throws IOException {
        vfs.rename(FileNames.CURRENT_TEMP, FileNames.CURRENT);
        directory.sync();
    }

    private static String text(Vfs vfs) throws IOException {
        byte[] bytes = new byte[MAX_BYTES];
        int length = 0;
        try (RandomFile file = vfs.openRead(FileNames.CURRENT)) {
            while (length < bytes.length) {
                int n = file.read(length, bytes, length, bytes.length - length);
                if (n <= 0) {
                    break;
                }
                length += n;
            }
        }
        return new String(Arrays.copyOf(bytes, length), StandardCharsets.ISO_8859_1);
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
