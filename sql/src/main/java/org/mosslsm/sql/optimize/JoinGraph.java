// Which relations of a join are connected by which terms.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
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
    /** For each relation the terms that read it. */
    private final int[][] readers;

    private final boolean[] equality;
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
        this.equality = new boolean[terms.size()];
        for (int i = 0; i < terms.size(); i++) {
            touched[i] = Conjuncts.columns(terms.get(i)).stream()
                    .map(c -> leafOf[c])
                    .distinct()
                    .toArray();
            equality[i] = isEquality(terms.get(i));
            if (terms.get(i) instanceof ScalarExpr.Compare c && equality[i]) {
                distinct[i] = Math.max(distinct(c.left()), distinct(c.right()));
            }
        }
        this.readers = readers(leaves.size(), touched);
    }

    private static int[][] readers(int leaves, int[][] touched) {
        List<List<Integer>> lists = new ArrayList<>();
        for (int i = 0; i < leaves; i++) {
            lists.add(new ArrayList<>());
        }
        for (int t = 0; t < touched.length; t++) {
            for (int leaf : touched[t]) {
                lists.get(leaf).add(t);
            }
        }
        return lists.stream()
                .map(l -> l.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
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

    /** Number of terms. */
    int terms() {
        return terms.size();
    }

    /** The terms that can be tested once {@code next} has joined the others, and not before. */
    List<Integer> applicable(BitSet joined, int next) {
        List<Integer> applicable = new ArrayList<>();
        for (int i : readers[next]) {
            if (isApplicable(touched[i], joined, next)) {
                applicable.add(i);
            }
        }
        // Terms that read no relation go with the first join.
        if (joined.cardinality() == 1) {
            for (int i = 0; i < touched.length; i++) {
                if (touched[i].length == 0 || (touched[i].length == 1 && joined.get(touched[i][0]))) {
                    applicable.add(i);
                }
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

    /** Whether an equality connects {@code next} with what is joined. */
    boolean isConnected(BitSet joined, int next) {
        for (int i : readers[next]) {
            if (equality[i] && touched[i].length > 1 && isApplicable(touched[i], joined, next)) {
                return true;
            }
        }
        return false;
    }

    static boolean isEquality(ScalarExpr t) {
        return t instanceof ScalarExpr.Compare c && c.op() == CompareOp.EQ;
    }

    /** How many rows the join with {@code next} gives. */
    double rows(double joinedRows, int next, List<Integer> applicable) {
        double rows = joinedRows * leaves.get(next).rows();
        boolean joined = false;
        for (int t : applicable) {
            ScalarExpr term = terms.get(t);
            if (isEquality(term)) {
                // Each further equality between the same two is rarely independent of the first.
                rows /= Math.max(1, joined ? Math.min(3, distinct[t]) : distinct[t]);
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
                    OptionalDouble known = estimates.distinct(table, ordinal);
                    if (known.isPresent()) {
                        return known.getAsDouble();
                    }
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
