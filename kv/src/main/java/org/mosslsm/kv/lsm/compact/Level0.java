package org.mosslsm.kv.lsm.compact;

import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;

/**
 * How deep the tables of level 0 lie upon each other. What a read has to look at is not how many there are but how many
 * share a key.
 *
 * <pre>
 * newest   |--d--|        |-e-|        sublevel 1: d      2: e
 *             |------c------|          sublevel 0: a, b   1: c ... each table lies one above the highest it overlaps
 * oldest   |-a-|         |--b--|
 * </pre>
 */
final class Level0 {
    private Level0() {}

    /** The sublevel of each table of level 0, in the version's order; those of one sublevel do not overlap. */
    static int[] sublevels(Version version) {
        List<FileMeta> files = version.files(0);
        int[] sublevels = new int[files.size()];
        for (int i = files.size() - 1; i >= 0; i--) {
            for (int older = i + 1; older < files.size(); older++) {
                if (sublevels[older] >= sublevels[i] && files.get(older).overlaps(files.get(i))) {
                    sublevels[i] = sublevels[older] + 1;
                }
            }
        }
        return sublevels;
    }

    /** How many tables of level 0 a read may have to look at. */
    static int depth(Version version) {
        return Arrays.stream(sublevels(version)).max().orElse(-1) + 1;
    }
}
