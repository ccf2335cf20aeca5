package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.KeyRange;

/** Deletes in key order are found to be runs, beside those of other indexes, and handed over in pieces. */
class DeleteRunsTest {
    private static final int PIECE = 10;

    private final DeleteRuns runs = new DeleteRuns(PIECE);
    private final List<KeyRange> pieces = new ArrayList<>();

    private static byte[] key(int index, int i) {
        return ByteBuffer.allocate(6).put((byte) 1).put((byte) index).putInt(i).array();
    }

    private static byte[] behind(byte[] key) {
        return ByteBuffer.allocate(key.length + 1).put(key).array();
    }

    private void delete(byte[] key) {
        byte[] array = ByteBuffer.allocate(key.length + 7).put(3, key).array();
        KeyRange piece = runs.add(array, 3, key.length);
        if (piece != null) {
            pieces.add(piece);
        }
    }

    private List<KeyRange> piecesOf(int index) {
        return pieces.stream().filter(piece -> piece.lo()[1] == index).toList();
    }

    /** How many pieces begin in each of three indexes. */
    private List<Integer> counts(int first) {
        return IntStream.range(first, first + 3)
                .map(index -> piecesOf(index).size())
                .boxed()
                .toList();
    }

    private static void assertFollowEachOther(List<KeyRange> pieces) {
        for (int i = 1; i < pieces.size(); i++) {
            assertEquals(KeyRange.of(pieces.get(i - 1).hiOrNull(), pieces.get(i).hiOrNull()), pieces.get(i));
        }
    }

    @Test
    void oneRunIsCutIntoPiecesThatFollowEachOther() {
        for (int i = 0; i < 3 * PIECE + 1; i++) {
            delete(key(1, i));
        }
        assertEquals(3, pieces.size());
        assertEquals(KeyRange.of(key(1, 0), behind(key(1, PIECE - 1))), pieces.get(0));
        assertFollowEachOther(pieces);
    }

    @Test
    void aDeleteBeforeTheLastBeginsAnotherRun() {
        for (int i = 2 * PIECE; i > 0; i--) {
            delete(key(1, i));
        }
        assertEquals(List.of(), pieces);
        for (int i = 0; i < PIECE - 1; i++) {
            delete(key(1, 100 + i));
        }
        delete(key(1, 99));
        for (int i = 0; i < PIECE - 1; i++) {
            delete(key(1, 200 + i));
        }
        // Of the way down the runs at 19, 18, 17 and 1 are left: 100 goes on with the nearest, and 99 with the next.
        assertEquals(List.of(KeyRange.of(key(1, 19), behind(key(1, 100 + PIECE - 2)))), pieces);
    }

    @Test
    void runsOfSeveralIndexesGrowInTurn() {
        for (int i = 0; i < 4 * PIECE; i++) {
            for (int index = 1; index <= 3; index++) {
                delete(key(index, i));
            }
        }
        assertEquals(List.of(3, 3, 4), counts(1));
        for (int index = 1; index <= 3; index++) {
            List<KeyRange> found = piecesOf(index);
            assertFollowEachOther(found);
            int first = 3 - index; // those before were taken for a run with others
            assertEquals(KeyRange.of(key(index, first), behind(key(index, first + PIECE - 1))), found.get(0));
        }
    }

    @Test
    void keysInAnyOrderBreakNoRunOfAnotherIndex() {
        Random random = new Random(1);
        for (int i = 0; i < 100 * PIECE; i++) {
            delete(key(1, i));
            delete(key(2, random.nextInt(1000)));
            delete(key(3, random.nextInt(1000)));
        }
        List<KeyRange> found = piecesOf(1);
        assertEquals(99, found.size(), "the first keys are in runs with others");
    }

    @Test
    void theNextTableTakesThePlaceOfOneBefore() {
        // Of ten pieces an index has one less: its first keys go on with a run of the table before, its last end no
        // piece.
        // One more or less is where the deletes of the run that is gone on with come to a piece.
        List<List<Integer>> expected = List.of(
                List.of(9, 9, 10),
                List.of(10, 8, 9),
                List.of(10, 8, 9),
                List.of(10, 8, 9),
                List.of(10, 8, 9),
                List.of(9, 9, 9),
                List.of(10, 8, 9),
                List.of(10, 8, 9));
        List<List<Integer>> counts = new ArrayList<>();
        for (int table = 0; table < expected.size(); table++) {
            pieces.clear();
            int first = 1 + 3 * table;
            for (int i = 0; i < 10 * PIECE; i++) {
                for (int index = first; index < first + 3; index++) {
                    delete(key(index, i));
                }
            }
            counts.add(counts(first));
        }
        assertEquals(expected, counts);
    }

    @Test
    void keysThatBeginDifferentlyAreOneRunInTheirOrder() {
        for (int i = 0; i < 20 * PIECE; i++) {
            delete(ByteBuffer.allocate(4).putInt(i * 10_007_00).array());
        }
        assertEquals(20, pieces.size());
        assertFollowEachOther(pieces);
    }

    @Test
    void whatIsForgottenIsGoneOnWithByNobody() {
        for (int i = 0; i < PIECE - 1; i++) {
            delete(key(1, i));
        }
        runs.forget();
        delete(key(1, PIECE));
        assertEquals(List.of(), pieces);
    }
}
