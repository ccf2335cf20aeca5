package org.mosslsm.kv.lsm.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mosslsm.kv.lsm.version.TestFiles.key;
import static org.mosslsm.kv.lsm.version.TestFiles.paper;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Versions keep their levels in order, and find tables by key. */
class VersionTest {
    private final FileMeta oldest = paper(1, "a", "z", 10);
    private final FileMeta newest = paper(5, "m", "n", 30);
    private final FileMeta middle = paper(9, "c", "d", 20);
    private final FileMeta left = paper(2, "b", "f", true, 5);
    private final FileMeta right = paper(3, "f", "k", 5);
    private final FileMeta far = paper(4, "s", "t", 5);

    private final Version version = Version.empty(null)
            .apply(new VersionEdit().add(0, oldest).add(0, newest).add(1, far))
            .apply(new VersionEdit().add(0, middle).add(1, right).add(1, left));

    @Test
    void levelZeroIsNewestFirstAndOthersByKey() {
        assertEquals(List.of(newest, middle, oldest), version.files(0));
        assertEquals(List.of(left, right, far), version.files(1));
        assertEquals(6, version.allFiles().size());
        assertEquals(1, version.deepestLevel());
        assertEquals(3 * 1000 + 9, version.bytes(1));
    }

    @Test
    void findsTheTableOfAKey() {
        assertSame(left, find("b"));
        assertSame(left, find("ezzz"));
        assertSame(right, find("f"), "left ends before f, where its range tombstone ends");
        assertSame(right, find("k"));
        assertNull(find("k!"));
        assertNull(find("a"));
        assertSame(far, find("s"));
        assertNull(find("u"));
        assertEquals(3, version.indexOf(1, key("u"), 0, 1));
        assertEquals(2, version.indexOf(1, key("p"), 0, 1));
    }

    @Test
    void runsOfLevelZeroKeepTheirOrderAndHaveNewerTablesBeforeOlderOnes() {
        Random random = new Random(17);
        for (int round = 0; round < 200; round++) {
            VersionEdit edit = new VersionEdit();
            int count = 1 + random.nextInt(12);
            for (int i = 1; i <= count; i++) {
                int lo = random.nextInt(20);
                int hi = lo + random.nextInt(6);
                boolean exclusive = hi > lo && random.nextBoolean();
                edit.add(0, paper(i, "" + (char) ('a' + lo), "" + (char) ('a' + hi), exclusive, i));
            }
            Version some = Version.empty(null).apply(edit);
            FileMeta[][] runs = some.level0Runs();
            Map<FileMeta, Integer> runOf = new HashMap<>();
            for (int run = 0; run < runs.length; run++) {
                for (int i = 0; i < runs[run].length; i++) {
                    runOf.put(runs[run][i], run);
                    assertTrue(i == 0 || !runs[run][i - 1].overlaps(runs[run][i]));
                    assertTrue(
                            i == 0 || Arrays.compareUnsigned(runs[run][i - 1].largest(), runs[run][i].smallest()) <= 0);
                }
            }
            assertEquals(count, runOf.size());
            List<FileMeta> newestFirst = some.files(0);
            for (int newer = 0; newer < count; newer++) {
                for (int older = newer + 1; older < count; older++) {
                    FileMeta a = newestFirst.get(newer);
                    FileMeta b = newestFirst.get(older);
                    assertTrue(!a.overlaps(b) || runOf.get(a) < runOf.get(b), () -> a + " and " + b);
                }
            }
        }
    }

    @Test
    void overlapsAreExact() {
        assertEquals(List.of(left), version.overlapping(1, key("c"), key("f")));
        assertEquals(List.of(left, right), version.overlapping(1, key("c"), key("f!")));
        assertEquals(List.of(right, far), version.overlapping(1, key("f"), null));
        assertEquals(List.of(), version.overlapping(1, key("l"), key("s")));
        assertEquals(List.of(newest, oldest), version.overlapping(0, key("m"), key("mm")));
        assertEquals(List.of(right), version.overlapping(1, paper(8, "f", "f", 1)));
        assertEquals(List.of(left), version.overlapping(1, paper(8, "a", "f", true, 1)));
        assertEquals(List.of(left, right), version.overlapping(1, paper(8, "a", "f", 1)));
    }

    @Test
    void knowsWhatIsBelow() {
        assertTrue(version.mayBeBelow(0, key("c"), 0, 1));
        assertFalse(version.mayBeBelow(0, key("m"), 0, 1));
        assertFalse(version.mayBeBelow(1, key("c"), 0, 1));
        assertTrue(version.mayBeBelow(0, key("l"), key("s!")));
        assertFalse(version.mayBeBelow(0, key("l"), key("s")));
        assertTrue(version.mayBeBelow(0, key("l"), null));
    }

    @Test
    void editsThatDoNotFitAreRefused() {
        assertThrows(IllegalStateException.class, () -> version.apply(new VersionEdit().remove(1, oldest)));
        assertThrows(IllegalStateException.class, () -> version.apply(new VersionEdit().add(1, far)));
        assertThrows(IllegalStateException.class, () -> version.apply(new VersionEdit().add(1, paper(8, "e", "e", 1))));
        Version moved = version.apply(new VersionEdit().remove(1, far).add(2, far));
        assertEquals(List.of(far), moved.files(2));
        assertEquals(List.of(left, right, far), version.files(1), "the version before is as it was");
    }

    @Test
    void aDeadVersionGivesNoReference() {
        Version some = Version.empty(null);
        assertTrue(some.tryReference());
        some.release();
        some.release();
        assertFalse(some.tryReference());
    }

    private FileMeta find(String key) {
        return version.find(1, key(key), 0, key.length());
    }
}
