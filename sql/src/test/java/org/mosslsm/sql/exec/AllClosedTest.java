package org.mosslsm.sql.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What closes several things closes all of them, and says what went wrong first. */
class AllClosedTest {
    private final List<String> closed = new ArrayList<>();

    private AutoCloseable failing(String name, Throwable with) {
        return () -> {
            closed.add(name);
            if (with instanceof Error e) {
                throw e;
            }
            if (with instanceof Exception e) {
                throw e;
            }
        };
    }

    @Test
    void allAreClosedThoughSomeFail() {
        Error first = new OutOfMemoryError("first");
        RuntimeException second = new IllegalStateException("second");
        List<AutoCloseable> all = List.of(failing("a", first), failing("b", second), failing("c", null));

        Error thrown = assertThrows(Error.class, () -> AllClosed.of(all));

        assertSame(first, thrown);
        assertSame(second, thrown.getSuppressed()[0]);
        assertEquals(List.of("a", "b", "c"), closed);
    }

    @Test
    void whatFailsAloneIsThrown() {
        RuntimeException failure = new IllegalArgumentException("alone");

        assertSame(
                failure,
                assertThrows(
                        IllegalArgumentException.class,
                        () -> AllClosed.of(List.of(failing("a", null), failing("b", failure)))));
        assertEquals(List.of("a", "b"), closed);
    }
}
