// A WITH query and how often it is used.
package org.mosslsm.sql.plan;

/**
 * A WITH query that reads nothing of the queries around it, so that its rows are the same for all its uses in a statement.
 * Two are equal only if they are one. The uses are counted while the statement is bound, by one thread; from then on it does
 * not change.
 */
public final class CommonQuery {
    private final String name;
    private final LogicalPlan plan;
    private final boolean materialized;
    private int uses;

    /**
     * A query without a use.
     *
     * @param name what the statement calls it
     * @param plan its rows; the types of all columns are known
     * @param materialized whether it is computed once even if that gains nothing
     */
    public CommonQuery(String name, LogicalPlan plan, boolean materialized) {
        this.name = name;
        this.plan = plan;
        this.materialized = materialized;
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
