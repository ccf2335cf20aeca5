package org.mosslsm.it.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.it.testkit.ChildJvm;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.tool.VerifyReport;

/**
 * A child JVM with a heap of 64 MB commits transactions larger than their memory and is killed while it writes, spills or
 * commits one, again and again in one directory: each is there as a whole or not at all, the acknowledged ones are, and the
 * scratch files of the killed one are gone. {@code -Dkill.rounds} (default 6) lengthens it, {@code -Dkill.seed} replays it.
 */
class LargeTransactionKillTest {
    /** What a transaction says: its rows in hundreds, that it commits, that it is done. */
    private static final int LINES = LargeTransactionKillWriter.ROWS / 100 + 2;

    @Test
    void aTransactionSurvivesTheKillAsAWholeOrNotAtAll(@TempDir Path directory) throws Exception {
        int rounds = Integer.getInteger("kill.rounds", 6);
        long seed = Long.getLong("kill.seed", System.nanoTime());
        Random random = new Random(seed);
        Path store = directory.resolve("store");
        int newest = 0;
        int committing = 0;
        for (int round = 0; round < rounds; round++) {
            String where = "round " + round + " of seed " + seed;
            boolean atCommit = random.nextBoolean();
            int acked = runAndKill(store, newest + 1, random.nextInt(3 * LINES), atCommit);
            newest = check(store, Math.max(newest, acked), where);
            committing += atCommit ? 1 : 0;
        }
        System.out.println("LargeTransactionKillTest: " + rounds + " kills, " + committing + " of them at a commit, "
                + newest + " transactions, seed " + seed);
        assertTrue(newest > 0, "no transaction was made");
    }

    /** Kills the child after so many lines, or at the next commit after them; returns what it acknowledged. */
    private static int runAndKill(Path store, int first, int lines, boolean atCommit) throws Exception {
        int acked = 0;
        int said = 0;
        try (ChildJvm child = ChildJvm.start(
                LargeTransactionKillWriter.class.getName(),
                List.of("-Xmx64m"),
                List.of(store.toString(), Integer.toString(first)))) {
            for (String line = child.readLine(); line != null; line = child.readLine()) {
                String[] words = line.split(" ", -1);
                if (words.length != 2 || !List.of("row", "commit", "ack").contains(words[0])) {
                    throw new AssertionError("the child said: " + line + "\n" + String.join("\n", child.readAll()));
                }
                if (words[0].equals("ack")) {
                    acked = Integer.parseInt(words[1]);
                }
                said++;
                if (said > lines && (!atCommit || words[0].equals("commit"))) {
                    child.kill();
                }
            }
        }
        return acked;
    }

    /** Checks that the store holds one transaction as a whole, or none; returns which. */
    private static int check(Path directory, int atLeast, String where) throws Exception {
        VerifyReport killed = Verify.store(directory);
        assertTrue(killed.ok(), () -> where + ": " + killed);
        int newest = 0;
        try (Lsm store = Lsm.open(directory, LsmOptions.parse(LargeTransactionKillWriter.OPTIONS))) {
            for (int row = 0; row < LargeTransactionKillWriter.ROWS && newest == 0; row++) {
                newest = numberOf(store, row);
            }
            assertTrue(newest >= atLeast, where + ": " + newest + " transactions are there of " + atLeast);
            for (int row = 0; row < LargeTransactionKillWriter.ROWS; row++) {
                int expected = LargeTransactionKillWriter.isDeleted(row, newest) ? 0 : newest;
                assertEquals(expected, numberOf(store, row), where + ": row " + row);
            }
            Path scratch = directory.resolve("tmp");
            if (Files.isDirectory(scratch)) {
                try (var files = Files.list(scratch)) {
                    assertEquals(0, files.count(), where + ": scratch files left behind");
                }
            }
        }
        return newest;
    }

    private static int numberOf(Lsm store, int row) {
        byte[] value = store.get(LargeTransactionKillWriter.key(row));
        return value == null ? 0 : ByteBuffer.wrap(value).getInt();
    }
}
