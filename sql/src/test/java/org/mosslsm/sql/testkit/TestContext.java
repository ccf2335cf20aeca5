package org.mosslsm.sql.testkit;

import java.time.ZoneId;
import java.time.ZoneOffset;
import org.mosslsm.sql.expr.EvalContext;
import org.mosslsm.sql.expr.SubplanRunner;

/** Surroundings of expressions in tests: parameters and slots as given, 2024-02-29T12:34:56.789Z, UTC. */
public final class TestContext implements EvalContext {
    /** 2024-02-29T12:34:56.789Z. */
    public static final long NOW = 1_709_210_096_789_000L;

    private final Object[] values;
    private int asks;

    /** Parameters, which serve as slots too. */
    public TestContext(Object... values) {
        this.values = values;
    }

    @Override
    public Object parameter(int index) {
        return values[index];
    }

    @Override
    public Object slot(int slot) {
        return values[slot];
    }

    @Override
    public long nowMicros() {
        return NOW;
    }

    @Override
    public ZoneId zone() {
        return ZoneOffset.UTC;
    }

    @Override
    public String schema() {
        return "public";
    }

    @Override
    public SubplanRunner subplans() {
        throw new IllegalStateException("no subqueries here");
    }

    @Override
    public void checkCancelled() {
        asks++;
    }

    /** How often it was asked whether the statement may go on. */
    public int asks() {
        return asks;
    }
}
