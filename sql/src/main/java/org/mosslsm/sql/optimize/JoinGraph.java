// Which relations of a join are connected by which terms.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;

/** The relations of an inner join and the terms between them; columns are numbered in the statement's order. */
final class JoinGraph {
    /** As for an index whose leading column is not unique, see {@link Estimates}. */
    private static final double DISTINCT_EXPONENT = 0.6;

    private final List<Leaf> leaves;
    private final List<ScalarExpr> terms;
    /** For each term the relations it reads. */
    private final int[][] touched;
    /** For each equality the greater number of different values of its sides; else 0. */
    private final double[] distinct;

    private final Estimates estimates;
    private final int columns;

    JoinGraph(List<Leaf> leaves, List<ScalarExpr> terms, Estimates estimates) {
        this.leaves = leaves;
        this.terms = terms;
        this.estimates = estimates;
        this.columns = leaves.get(leaves.size() - 1).end();
        int[] leafOf = new int[columns];
        for (int i = 0; i < leaves.size(); i++) {
            for (int c = leaves.get(i).offset(); c < leaves.get(i).end(); c++) {
                leafOf[c] = i;
            }
        }
        this.touched = new int[terms.size()][];
        this.distinct = new double[terms.size()];
        for (int i = 0; i < terms.size(); i++) {
            touched[i] = Conjuncts.columns(terms.get(i)).stream()
                    .map(c -> leafOf[c])
                    .distinct()
                    .toArray();
            if (terms.get(i) instanceof ScalarExpr.Compare c && c.op() == CompareOp.EQ) {
                distinct[i] = Math.max(distinct(c.left()), distinct(c.right()));
            }
        }
    }

    int size() {
        return leaves.size();
    }

    int columns() {
        return columns;
    }

    Leaf leaf(int i) {
        return leaves.get(i);
    }

    ScalarExpr term(int i) {
        return terms.get(i);
    }

    int smallest() {
        int smallest = 0;
        for (int i = 1; i < leaves.size(); i++) {
            if (leaves.get(i).rows() < leaves.get(smallest).rows()) {
                smallest = i;
            }
        }
        return smallest;
    }

    /** The terms that can be tested once {@code next} has joined the others. */
    List<Integer> applicable(Joined current, int next) {
        List<Integer> applicable = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            if (!current.usedTerms().get(i) && isApplicable(touched[i], current.leaves(), next)) {
                applicable.add(i);
            }
        }
        return applicable;
    }

    private static boolean isApplicable(int[] reads, BitSet joined, int next) {
        for (int leaf : reads) {
            if (leaf != next && !joined.get(leaf)) {
                return false;
            }
        }
        return true;
    }

    /** The relation to add: one that is connected, if any is, and among those the one that gives the fewest rows. */
    int next(Joined current) {
        int best = -1;
        boolean bestConnected = false;
        double bestRows = 0;
        for (int i = 0; i < leaves.size(); i++) {
            if (current.leaves().get(i)) {
                continue;
            }
            List<Integer> applicable = applicable(current, i);
            boolean connected = applicable.stream().anyMatch(t -> isEquality(terms.get(t)));
            double rows = rows(current, i, applicable);
            boolean better =
                    best < 0 || (connected && !bestConnected) || (connected == bestConnected && rows < bestRows);
            if (better) {
                best = i;
                bestConnected = connected;
                bestRows = rows;
            }
        }
        return best;
    }

    static boolean isEquality(ScalarExpr t) {
        return t instanceof ScalarExpr.Compare c && c.op() == CompareOp.EQ;
    }

    /** How many rows the join with {@code next} gives. */
    double rows(Joined current, int next, List<Integer> applicable) {
        double rows = current.rows() * leaves.get(next).rows();
        boolean joined = false;
        for (int t : applicable) {
            ScalarExpr term = terms.get(t);
            if (isEquality(term)) {
                // Each further equality between the same two is rarely independent of the first.
                rows /= joined ? Math.min(3, distinct[t]) : Math.max(1, distinct[t]);
                joined = true;
            } else {
                rows *= Estimates.selectivity(term);
            }
        }
        return Math.max(rows, 0.1);
    }

    /** How many different values an expression has. */
    private double distinct(ScalarExpr e) {
        if (e instanceof ColumnRef c) {
            for (Leaf l : leaves) {
                if (c.index() >= l.offset() && c.index() < l.end() && l.scan().isPresent()) {
                    Table table = l.scan().get().table();
                    int ordinal = l.scan().get().ordinals().get(c.index() - l.offset());
                    double rows = estimates.rows(table);
                    return isUnique(table, ordinal) ? rows : Math.pow(rows, DISTINCT_EXPONENT);
                }
            }
        }
        return 10;
    }

    private static boolean isUnique(Table table, int ordinal) {
        for (Index index : table.allIndexes()) {
            if (index.isUniqueOfAll()
                    && index.keys().size() == 1
                    && table.ordinal(index.keys().get(0).columnId()) == ordinal) {
                return true;
            }
        }
        return false;
    }
}
