package org.mosslsm.it.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.it.testkit.ChildJvm;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.tool.VerifyReport;

/**
 * A child JVM commits to the engine and is killed at a random moment, again and again in one directory, under each
 * durability: what it acknowledged is there (with {@code none} a first part of it), no batch is half there, and the store
 * verifies. {@code -Dkill.rounds} (default 4) or {@code -Dkill.seconds} lengthen it, {@code -Dkill.seed} replays it.
 */
class EngineKillTest {
    @ParameterizedTest
    @ValueSource(strings = {"sync", "process", "mapped", "interval", "none"})
    void acknowledgedCommitsSurviveTheKill(String durability, @TempDir Path directory) throws Exception {
        int rounds = Integer.getInteger("kill.rounds", 4);
        long seconds = Long.getLong("kill.seconds", 0);
        long seed = Long.getLong("kill.seed", System.nanoTime());
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        Random random = new Random(seed);
        Path store = directory.resolve("store");
        int round = 0;
        int newest = 0;
        int acknowledged = 0;
        while (seconds > 0 ? System.nanoTime() < end : round < rounds) {
            int acked = runAndKill(store, durability, newest + 1 + random.nextInt(3000));
            String where = "round " + round + " of seed " + seed + ", " + durability;
            newest = check(store, durability, durability.equals("none") ? newest : Math.max(newest, acked), where);
            acknowledged = Math.max(acknowledged, acked);
            round++;
        }
        System.out.println("EngineKillTest: " + durability + ", " + round + " kills, " + acknowledged
                + " acknowledged commits, seed " + seed);
        assertTrue(acknowledged > 0, "nothing was acknowledged");
    }

    /** Lets a child write until it acknowledged {@code until}, kills it, and reads what it still had to say. */
    private static int runAndKill(Path store, String durability, int until) throws Exception {
        int acked = 0;
        try (ChildJvm child = ChildJvm.start(
                EngineKillWriter.class.getName(), List.of("-Xmx128m"), List.of(store.toString(), durability))) {
            for (String line = child.readLine(); line != null; line = child.readLine()) {
                String[] words = line.split(" ", -1);
                if (!words[0].equals("ack") || words.length != 2) {
                    throw new AssertionError("the child said: " + line + "\n" + String.join("\n", child.readAll()));
                }
                acked = Integer.parseInt(words[1]);
                if (acked == until) {
                    child.kill();
                }
            }
        }
        return acked;
    }

    /** Checks that the store holds the first so many commits, whole; returns how many. */
    private static int check(Path directory, String durability, int atLeast, String where) {
        VerifyReport killed = Verify.store(directory);
        assertTrue(killed.ok(), () -> where + ": " + killed);
        int newest;
        try (Lsm store = Lsm.open(directory, LsmOptions.parse(EngineKillWriter.options(durability)))) {
            byte[] value = store.get(EngineKillWriter.newest());
            newest = value == null ? 0 : ByteBuffer.wrap(value).getInt();
            assertTrue(newest >= atLeast, where + ": " + newest + " commits are there of " + atLeast);
            for (int n = Math.max(1, newest - EngineKillWriter.SLOTS + 1); n <= newest; n++) {
                for (int side = 0; side < 2; side++) {
                    byte[] found = store.get(EngineKillWriter.key(n, side));
                    assertArrayEquals(EngineKillWriter.value(n), found, where + ": commit " + n);
                }
            }
            byte[] behind = store.get(EngineKillWriter.key(newest + 1, 0));
            int old = behind == null ? 0 : ByteBuffer.wrap(behind).getInt();
            assertEquals(Math.max(0, newest + 1 - EngineKillWriter.SLOTS), old, where + ": a commit nobody made");
        }
        VerifyReport closed = Verify.store(directory);
        assertTrue(closed.ok(), () -> where + ": " + closed);
        return newest;
    }
}
