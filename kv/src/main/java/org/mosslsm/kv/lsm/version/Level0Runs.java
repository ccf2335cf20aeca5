package org.mosslsm.kv.lsm.version;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The tables of level 0 as runs that do not overlap within themselves, so that a read meets one table a run and not all there
 * are: a flush writes several tables side by side.
 *
 * <pre>
 * newest   |--d--|        |-e-|        run 0: d
 *             |------c------|          run 1: c, e     each table lies one above the highest older one it overlaps
 * oldest   |-a-|         |--b--|       run 2: a, b
 * </pre>
 *
 * <p>Invariant: of two tables that overlap the newer one is in an earlier run. So for one key what an earlier run holds is newer.
 */
final class Level0Runs {
    static final FileMeta[][] NONE = {};

    private Level0Runs() {}

    /** The runs of {@code files}, which stand newest first; the first run holds what lies highest. In a run keys ascend. */
    static FileMeta[][] of(List<FileMeta> files) {
        if (files.isEmpty()) {
            return NONE;
        }
        int[] heights = heights(files);
        int depth = Arrays.stream(heights).max().orElseThrow() + 1;
        FileMeta[][] runs = new FileMeta[depth][];
        for (int run = 0; run < depth; run++) {
            List<FileMeta> members = new ArrayList<>();
            for (int i = 0; i < heights.length; i++) {
                if (heights[i] == depth - 1 - run) {
                    members.add(files.get(i));
                }
            }
            members.sort(BY_KEY);
            runs[run] = members.toArray(FileMeta[]::new);
        }
        return runs;
    }

    private static final Comparator<FileMeta> BY_KEY = (a, b) -> Arrays.compareUnsigned(a.smallest(), b.smallest());

    private static int[] heights(List<FileMeta> files) {
        int[] heights = new int[files.size()];
        for (int i = heights.length - 1; i >= 0; i--) {
            for (int older = i + 1; older < heights.length; older++) {
                if (heights[older] >= heights[i] && files.get(older).overlaps(files.get(i))) {
                    heights[i] = heights[older] + 1;
                }
            }
        }
        return heights;
    }
}
