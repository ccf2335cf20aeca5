package org.mosslsm.kv.lsm.metamorphic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.lsm.LsmOptions;

/**
 * One list of operations has one history, the model's, however the store is set up. A list that fails is shrunk and
 * printed. {@code -Dseed=} replays a round, {@code -Drounds=} runs more of them (from 0 on without an end in sight:
 * {@code -Dminutes=} then says when to stop), {@code -Dops=} and {@code -Dsets=} set their size.
 */
class MetamorphicTest {
    private static final int OPS = Integer.getInteger("ops", 250);
    private static final int SETS = Integer.getInteger("sets", 5);

    @Test
    void historyIsTheModelsUnderAllOptions() {
        Long fixed = Long.getLong("seed");
        long first = fixed != null ? fixed : System.nanoTime();
        int rounds = Integer.getInteger("rounds", fixed != null ? 1 : 6);
        long minutes = Long.getLong("minutes", 0);
        long end = System.nanoTime() + minutes * 60_000_000_000L;
        long operations = 0;
        int done = 0;
        while (minutes > 0 ? System.nanoTime() < end : done < rounds) {
            operations += round(first + done);
            done++;
        }
        System.out.printf(
                "MetamorphicTest: %d operations in %d rounds of %d option sets, seeds from %d%n",
                operations, done, SETS, first);
        assertTrue(operations > 0);
    }

    private static long round(long seed) {
        List<Op> ops = new OpGenerator(seed).list(OPS);
        List<Map<String, String>> sets = OptionSets.draw(new Random(seed), SETS);
        List<String> history = null;
        for (Map<String, String> set : sets) {
            List<String> here;
            try {
                here = Replay.run(ops, LsmOptions.parse(set));
            } catch (RuntimeException | AssertionError e) {
                throw shrunk(seed, ops, set, e);
            }
            if (history != null) {
                assertEquals(history, here, "seed " + seed + ": the history under " + sets.get(0) + " and " + set);
            }
            history = here;
        }
        return (long) ops.size() * sets.size();
    }

    private static AssertionError shrunk(long seed, List<Op> ops, Map<String, String> set, Throwable first) {
        List<Op> shortest = Shrinker.shrink(ops, part -> failure(part, set) != null);
        Throwable last = failure(shortest, set);
        StringBuilder text = new StringBuilder("-Dseed=" + seed + ", options " + set + ": ");
        text.append(first.getMessage()).append("\nshortest list:");
        shortest.forEach(op -> text.append("\n    ").append(Shrinker.brief(op)));
        text.append("\nwhich ends with ").append(last == null ? "nothing wrong: it depends on threads" : last);
        return new AssertionError(text.toString(), last == null ? first : last);
    }

    private static Throwable failure(List<Op> ops, Map<String, String> set) {
        try {
            Replay.run(ops, LsmOptions.parse(set));
            return null;
        } catch (RuntimeException | AssertionError e) {
            return e;
        }
    }

    @Test
    void optionsTakePart() {
        Map<String, List<String>> possible = OptionSets.possible();
        assertTrue(possible.get("memtableBytes").contains("4k"), possible::toString);
        assertTrue(possible.get("durability").contains("process"), possible::toString);
        possible.forEach((name, values) -> {
            if (values.isEmpty()) {
                fail("no value that the test knows suits the option " + name + ": add one to OptionSets");
            }
        });
    }

    @Test
    void failingListIsShrunkToWhatMatters() {
        List<Integer> list = IntStream.range(0, 200).boxed().toList();
        assertEquals(List.of(13, 77, 150), Shrinker.shrink(list, part -> part.containsAll(List.of(13, 77, 150))));
    }
}
