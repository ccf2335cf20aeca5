package org.mosslsm.kv.lsm.table;

/**
 * How a block is compressed. The code stands in the block's trailer, so one table may mix them: a block that does not
 * shrink by an eighth is stored as it is.
 */
public enum Compression {
    /** As it is. */
    NONE(0),
    /** LZ4 block format, after the uncompressed length as four bytes. */
    LZ4(1),
    /** A zstd frame, after the uncompressed length; needs com.github.luben:zstd-jni on the class path. */
    ZSTD(2);

    private final int code;

    Compression(int code) {
        this.code = code;
    }

    /**
     * Checks that blocks can be compressed so here.
     *
     * @throws org.mosslsm.kv.StoreOpenException UNSUPPORTED when a library is missing
     */
    public void checkAvailable() {
        if (this == ZSTD) {
            Zstd.require(Zstd.present(), "compression");
        }
    }

    /** The byte in the block trailer. */
    int code() {
        return code;
    }
}
