// A WITH query and how often it is used.
package org.mosslsm.sql.plan;

/**
 * A WITH query whose rows are the same for all its uses: in the whole statement where it reads nothing of the queries around
 * it; else, as it then gives other rows each time, in one evaluation of the subquery that holds it, whose slots it reads. Two are equal only if they are one. The uses are counted while the statement is bound, by one thread; from then on it does
 * not change.
 */
public final class CommonQuery {
    private final String name;
    private final LogicalPlan plan;
    private final boolean materialized;
    private final boolean correlated;
    private int uses;

    /**
     * A query without a use.
     *
     * @param name what the statement calls it
     * @param plan its rows; the types of all columns are known
     * @param materialized whether it is computed once even if that gains nothing
     * @param correlated whether it reads slots of the subquery that holds it
     */
    public CommonQuery(String name, LogicalPlan plan, boolean materialized, boolean correlated) {
        this.name = name;
        this.plan = plan;
        this.materialized = materialized;
        this.correlated = correlated;
    }

    /** What the statement calls it. */
    public String name() {
        return name;
    }

    /** Its rows. */
    public LogicalPlan plan() {
        return plan;
    }

    /** Whether the statement says MATERIALIZED. */
    public boolean materialized() {
        return materialized;
    }

    /** Whether it reads slots of the subquery that holds it, and is computed anew when that is. */
    public boolean correlated() {
        return correlated;
    }

    /** How many relations of the statement are this query. */
    public int uses() {
        return uses;
    }

    /** One more use. */
    public LogicalPlan use() {
        uses++;
        return new LogicalPlan.CommonScan(this);
    }
}
