package org.mosslsm.kv.lsm.compact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;

/**
 * How the tables of level 0 lie upon each other. What a read has to look at is not how many there are but how many share a
 * key; and what can be merged alone is what overlaps nothing beside it.
 *
 * <pre>
 * newest   |--d--|          |-f-|          two stacks: a, c, d are three deep,
 *             |---c---|                    b, f are two
 * oldest   |-a-|           |--b--|
 * </pre>
 *
 * Flushes cut their tables where those of the level below begin, so that there are several stacks, and merging one holds a
 * part of the level below twice, and not all of it.
 */
final class Level0 {
    private Level0() {}

    /**
     * Tables that are bound to each other by overlapping.
     *
     * @param files in the level's order
     * @param depth how many a read may have to look at
     */
    record Stack(List<FileMeta> files, int depth) {}

    /** How many tables of level 0 a read may have to look at. */
    static int depth(Version version) {
        return version.level0Runs().length;
    }

    /** The stacks; that which has the oldest table comes first. */
    static List<Stack> stacks(Version version) {
        List<FileMeta> byKey = new ArrayList<>(version.files(0));
        byKey.sort((a, b) -> Arrays.compareUnsigned(a.smallest(), b.smallest()));
        Map<FileMeta, Integer> heights = heights(version);
        Map<FileMeta, Integer> ages = new HashMap<>();
        version.files(0).forEach(file -> ages.put(file, -ages.size()));
        List<Stack> stacks = new ArrayList<>();
        int start = 0;
        FileMeta last = null; // that which reaches furthest
        for (int i = 0; i <= byKey.size(); i++) {
            boolean ends = i == byKey.size() || (last != null && endsBefore(last, byKey.get(i)));
            if (ends && i > start) {
                stacks.add(stack(version, byKey.subList(start, i), heights));
                start = i;
                last = null;
            }
            if (i < byKey.size() && (last == null || reachesFurther(byKey.get(i), last))) {
                last = byKey.get(i);
            }
        }
        stacks.sort(Comparator.comparingInt(stack -> ages.get(stack.files.get(stack.files.size() - 1))));
        return stacks;
    }

    private static Stack stack(Version version, List<FileMeta> members, Map<FileMeta, Integer> heights) {
        Set<FileMeta> in = new HashSet<>(members);
        List<FileMeta> files = version.files(0).stream().filter(in::contains).toList();
        return new Stack(files, members.stream().mapToInt(heights::get).max().orElseThrow() + 1);
    }

    private static Map<FileMeta, Integer> heights(Version version) {
        FileMeta[][] runs = version.level0Runs();
        Map<FileMeta, Integer> heights = new HashMap<>();
        for (int run = 0; run < runs.length; run++) {
            for (FileMeta file : runs[run]) {
                heights.put(file, runs.length - 1 - run);
            }
        }
        return heights;
    }

    private static boolean endsBefore(FileMeta file, FileMeta next) {
        return file.endsBefore(next.smallest(), 0, next.smallest().length);
    }

    private static boolean reachesFurther(FileMeta file, FileMeta other) {
        int order = Arrays.compareUnsigned(file.largest(), other.largest());
        return order > 0 || (order == 0 && other.largestExclusive());
    }
}
