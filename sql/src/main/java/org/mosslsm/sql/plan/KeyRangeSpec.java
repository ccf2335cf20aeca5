// Which keys of an index a scan visits, before the values are known.
package org.mosslsm.sql.plan;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ScalarExpr;

/**
 * The key ranges of a scan: the union of {@link Box}es. Values are expressions over literals, parameters and slots;
 * they become sorted, disjoint byte ranges when the scan opens. No box at all is the empty scan; a box without
 * constraints is the whole index.
 *
 * <p>Everything a box says holds exactly for the rows of its ranges: the optimiser has taken it out of the filters.
 */
public record KeyRangeSpec(List<Box> boxes) {
    /** The whole index. */
    public static final KeyRangeSpec ALL = new KeyRangeSpec(List.of(new Box(List.of())));
    /** No key. */
    public static final KeyRangeSpec NONE = new KeyRangeSpec(List.of());

    /** Freezes the boxes. */
    public KeyRangeSpec {
        boxes = List.copyOf(boxes);
    }

    /** Whether this is the whole index. */
    public boolean isAll() {
        for (Box b : boxes) {
            if (b.parts().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Whether this is one range of keys, whatever the values are. */
    public boolean isOneRange() {
        return isAll() || (boxes.size() == 1 && boxes.get(0).parts().stream().allMatch(KeyRangeSpec::isOneInterval));
    }

    private static boolean isOneInterval(Constraint c) {
        return c instanceof AllOf all
                ? all.terms().stream().allMatch(KeyRangeSpec::isOneInterval)
                : !(c instanceof OneOf || c instanceof AnyOf);
    }

    /**
     * Constraints of the first key columns of an index, in their order. All but the last allow single values only
     * ({@link Constraint#isPoints()}).
     */
    public record Box(List<Constraint> parts) {
        /** Freezes the parts. */
        public Box {
            parts = List.copyOf(parts);
        }
    }

    /** The values one key column may have. */
    public sealed interface Constraint {
        /** Whether it allows only values that can be listed, NULL among them. */
        boolean isPoints();
    }

    /**
     * {@code column op value}; the value may be of a wider type than the column, and is then rounded towards the inside.
     * A NULL value allows nothing. {@code op} is not NE.
     */
    public record Comparison(CompareOp op, ScalarExpr value) implements Constraint {
        /** Refuses what is no range. */
        public Comparison {
            if (op == CompareOp.NE) {
                throw new IllegalArgumentException("<> is two ranges");
            }
        }

        @Override
        public boolean isPoints() {
            return op == CompareOp.EQ;
        }
    }

    /** {@code column IN (values)}; NULLs among them allow nothing. */
    public record OneOf(List<ScalarExpr> values) implements Constraint {
        /** Freezes the values. */
        public OneOf {
            values = List.copyOf(values);
        }

        @Override
        public boolean isPoints() {
            return true;
        }
    }

    /** {@code column IS NULL}. */
    public record Null() implements Constraint {
        @Override
        public boolean isPoints() {
            return true;
        }
    }

    /** {@code column IS NOT NULL}. */
    public record NotNull() implements Constraint {
        @Override
        public boolean isPoints() {
            return false;
        }
    }

    /** Strings that start with {@code prefix}; NULL allows nothing. */
    public record StartsWith(ScalarExpr prefix) implements Constraint {
        @Override
        public boolean isPoints() {
            return false;
        }
    }

    /** What all of the terms allow. */
    public record AllOf(List<Constraint> terms) implements Constraint {
        /** Freezes the terms. */
        public AllOf {
            terms = List.copyOf(terms);
        }

        @Override
        public boolean isPoints() {
            return terms.stream().anyMatch(Constraint::isPoints);
        }
    }

    /** What any of the terms allows. */
    public record AnyOf(List<Constraint> terms) implements Constraint {
        /** Freezes the terms. */
        public AnyOf {
            terms = List.copyOf(terms);
        }

        @Override
        public boolean isPoints() {
            return terms.stream().allMatch(Constraint::isPoints);
        }
    }

    /** The constraint all of {@code a} and {@code b} must meet, if there is one. */
    public static Optional<Constraint> both(Optional<Constraint> a, Optional<Constraint> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.isPresent() ? a : b;
        }
        return Optional.of(new AllOf(List.of(a.get(), b.get())));
    }
}
