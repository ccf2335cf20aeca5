package org.mosslsm.sql.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.Cancellation;
import org.mosslsm.sql.error.SqlException;

/** Strings are found where they are, in linear time, and the search can be cancelled. */
class TextSearchTest {
    /** So long that places are not tried one after the other. */
    private static final int LENGTH = 40_000;

    private static SqlException cancelled(Runnable work) {
        return assertThrows(
                SqlException.class,
                () -> Cancellation.asking(
                        () -> {
                            throw SqlException.canceled("cancelled");
                        },
                        () -> {
                            work.run();
                            return 0;
                        }));
    }

    private static String random(Random random, int length) {
        StringBuilder s = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            s.append(random.nextInt(8_000) == 0 ? 'b' : 'a');
        }
        return s.toString();
    }

    @Test
    void findsWhatJavaFinds() {
        long seed = Long.getLong("search.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            String text = random(random, LENGTH + random.nextInt(LENGTH));
            int begin = random.nextInt(text.length() / 4);
            String part = random.nextBoolean()
                    ? random(random, 2_000 + random.nextInt(6_000))
                    : text.substring(begin, begin + 2_000 + random.nextInt(6_000));
            int from = random.nextInt(text.length() / 2);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            TextSearch inBytes = TextSearch.of(part.getBytes(StandardCharsets.UTF_8));

            assertEquals(
                    text.indexOf(part, from),
                    TextSearch.of(part).find(text, from, EvalContext.none()),
                    () -> "seed " + seed);
            assertEquals(
                    text.indexOf(part, from),
                    inBytes.find(bytes, from, bytes.length, EvalContext.none()),
                    () -> "seed " + seed);
        }
    }

    @Test
    void longSearchesAndMatchesCanBeCancelled() {
        String text = "a".repeat(1_000_000);
        String part = "a".repeat(200_000) + "b";
        String wild = "%" + "a".repeat(500) + "_b%";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        EvalContext context = EvalContext.none();

        for (Runnable work : new Runnable[] {
            () -> Strings.position(text, part, 1, context),
            () -> Strings.replace(text, part, "", context),
            () -> Strings.splitPart(text, part, 1, context),
            () -> LikePattern.of("%" + part + "%", "", false).matches(text, context),
            () -> LikePattern.of(wild, "", false).matches(text, context),
            () -> LikePattern.of("%A", "", true).matches(text, context),
            () -> LikePattern.utf8("%" + part + "%", "").matches(bytes, 0, bytes.length, context),
            () -> LikePattern.utf8(wild, "").matches(bytes, 0, bytes.length, context)
        }) {
            assertEquals("57014", cancelled(work).sqlState());
        }
    }

    @Test
    void whatIsNotThereIsNotFoundInLinearTime() {
        String text = "a".repeat(1_000_000);
        String part = "a".repeat(200_000) + "b";

        assertEquals(0L, Strings.position(text, part, 1, EvalContext.none()));
        assertEquals(text, Strings.replace(text, part, "", EvalContext.none()));
        assertEquals(text, Strings.splitPart(text, part, 1, EvalContext.none()));
        assertEquals(text, Strings.splitPart(text, part, -1, EvalContext.none()));
        assertEquals("xx", Strings.replace("a".repeat(400_000), "a".repeat(200_000), "x", EvalContext.none()));
    }
}
