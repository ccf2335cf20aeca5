package org.mosslsm.kv.lsm.table;

import java.util.Arrays;
import org.mosslsm.kv.lsm.table.testkit.EntryModel;

/** Builds blocks without a table around them. */
final class Blocks {
    private Blocks() {}

    static BlockBuilder of(EntryModel model, int restartInterval) {
        BlockBuilder builder = new BlockBuilder(restartInterval);
        byte[][] last = {{}};
        model.entries().forEach((place, value) -> {
            byte[] key = place.key();
            int differs = Arrays.mismatch(last[0], key);
            int common = differs < 0 ? key.length : differs;
            builder.add(common, key, 0, key.length, place.trailer(), value, 0, value.length);
            last[0] = key;
        });
        return builder;
    }
}
