package org.mosslsm.kv.lsm.version;

/**
 * The names of the files in a store's directory. Numbers come from one counter and are never used twice.
 *
 * <pre>
 * LOCK              held while the store is open
 * CURRENT           names the manifest
 * MANIFEST-000001   log of version edits
 * 000002.wal        log of writes
 * 000003.sst        table
 * 000004.val        values that tables point to
 * *.tmp             not finished; deleted at the next open
 * tmp               directory of scratch files
 * </pre>
 */
public final class FileNames {
    /** Names the manifest in force. */
    public static final String CURRENT = "CURRENT";

    /** Held by the process that has the store open. */
    public static final String LOCK = "LOCK";

    /** The directory of scratch files. */
    public static final String SCRATCH = "tmp";

    /** The next CURRENT, before its rename. */
    static final String CURRENT_TEMP = "CURRENT.tmp";

    private static final String MANIFEST = "MANIFEST-";

    private static final int LEAST_DIGITS = 6;

    /** The first manifest of a store. */
    static final String FIRST_MANIFEST = manifest(1);

    /** What a file is, by its name. */
    public enum Kind {
        /** {@code CURRENT}. */
        CURRENT,
        /** {@code LOCK}. */
        LOCK,
        /** A manifest. */
        MANIFEST,
        /** A log of writes. */
        WAL,
        /** A table. */
        TABLE,
        /** A value file. */
        VALUES,
        /** Left over from a write that did not finish. */
        TEMPORARY,
        /** Not one of ours. */
        FOREIGN
    }

    private FileNames() {}

    /** Name of a manifest. */
    public static String manifest(long number) {
        return MANIFEST + digits(number);
    }

    /** Name of a log of writes. */
    public static String wal(long number) {
        return digits(number) + ".wal";
    }

    /** Name of a table. */
    public static String table(long number) {
        return digits(number) + ".sst";
    }

    /** Name of a value file. */
    public static String values(long number) {
        return digits(number) + ".val";
    }

    /** What the file of this name is. */
    public static Kind kind(String name) {
        if (name.equals(CURRENT)) {
            return Kind.CURRENT;
        } else if (name.equals(LOCK)) {
            return Kind.LOCK;
        } else if (name.endsWith(".tmp")) {
            return Kind.TEMPORARY;
        } else if (name.startsWith(MANIFEST) && numberIn(name.substring(MANIFEST.length())) >= 0) {
            return Kind.MANIFEST;
        } else if (name.endsWith(".wal") && numberIn(stem(name)) >= 0) {
            return Kind.WAL;
        } else if (name.endsWith(".sst") && numberIn(stem(name)) >= 0) {
            return Kind.TABLE;
        } else if (name.endsWith(".val") && numberIn(stem(name)) >= 0) {
            return Kind.VALUES;
        }
        return Kind.FOREIGN;
    }

    /** Whether a start leaves such a file that did not get to its CURRENT: the store would have been empty. */
    public static boolean isOfFirstStart(String name) {
        return name.equals(LOCK) || name.equals(CURRENT_TEMP) || name.equals(FIRST_MANIFEST);
    }

    /** The number in the name of a manifest, log, table or value file; -1 for other files. */
    public static long number(String name) {
        return switch (kind(name)) {
            case MANIFEST -> numberIn(name.substring(MANIFEST.length()));
            case WAL, TABLE, VALUES -> numberIn(stem(name));
            default -> -1;
        };
    }

    private static String stem(String name) {
        return name.substring(0, name.length() - 4);
    }

    private static String digits(long number) {
        String digits = Long.toString(number);
        return "0".repeat(Math.max(0, LEAST_DIGITS - digits.length())) + digits;
    }

    private static long numberIn(String text) {
        if (text.length() < LEAST_DIGITS || text.length() > 18) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return Long.parseLong(text);
    }
}
