package org.mosslsm.kv;

/** Bytes on disk are not what was written: never returned as data, always reported with file and offset. */
public final class CorruptionException extends KvException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long offset;

    /**
     * Reports damage.
     *
     * @param file name of the damaged file
     * @param offset byte offset of the damaged structure within it, or -1 where the file as a whole is meant
     * @param what what was expected and what was found
     */
    public CorruptionException(String file, long offset, String what) {
        super(file + (offset < 0 ? "" : " at offset " + offset) + ": " + what, null);
        this.file = file;
        this.offset = offset;
    }

    /** Name of the damaged file. */
    public String file() {
        return file;
    }

    /** Byte offset within the file, or -1 where the file as a whole is meant. */
    public long offset() {
        return offset;
    }
}
