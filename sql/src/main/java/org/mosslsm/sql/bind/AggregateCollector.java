// The aggregates of one SELECT.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.AggregateFunction;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.type.SqlType;

/**
 * Takes the aggregates found while the clauses of a SELECT are bound. In the bound expressions aggregate {@code k}
 * stands as column {@link #BASE}{@code + k}, far beyond any input row, until {@link Grouping} gives it its place.
 */
final class AggregateCollector {
    /** First column number of the stand-ins. */
    static final int BASE = 1 << 24;

    private static final Map<String, AggregateFunction> BY_NAME =
            EnumSet.range(AggregateFunction.SUM, AggregateFunction.REGR_R2).stream()
                    .collect(Collectors.toMap(f -> f.name().toLowerCase(Locale.ROOT), f -> f));

    private final LogicalPlan input;
    private final List<AggregateCall> calls = new ArrayList<>();
    private final IdentityHashMap<ScalarExpr, Position> positions = new IdentityHashMap<>(8);

    /** @param input whose rows the aggregates are of */
    AggregateCollector(LogicalPlan input) {
        this.input = input;
    }

    /** The aggregate function of that name. */
    static Optional<AggregateFunction> function(String name, boolean star) {
        return switch (name) {
            case "count" -> Optional.of(star ? AggregateFunction.COUNT_STAR : AggregateFunction.COUNT);
            case "total" -> Optional.of(AggregateFunction.SUM);
            case "any_value" -> Optional.of(AggregateFunction.MIN);
            case "every" -> Optional.of(AggregateFunction.BOOL_AND);
            case "group_concat", "listagg" -> Optional.of(AggregateFunction.STRING_AGG);
            case "variance" -> Optional.of(AggregateFunction.VAR_SAMP);
            case "stddev" -> Optional.of(AggregateFunction.STDDEV_SAMP);
            default -> Optional.ofNullable(BY_NAME.get(name));
        };
    }

    /** The stand-in of an aggregate; equal ones share it. */
    ScalarExpr add(AggregateCall call, Optional<ScalarExpr> filter) {
        AggregateCall whole = filter.isPresent() ? call.withFilter(filter.get()) : call;
        int k = calls.indexOf(whole);
        if (k < 0) {
            k = calls.size();
            calls.add(whole);
        }
        return new ScalarExpr.ColumnRef(BASE + k, whole.type());
    }

    /** The call with the type of its result: SUM of arithmetic on INTEGER is a BIGINT, of a BIGINT it is a DECIMAL. */
    AggregateCall typed(AggregateCall call) {
        boolean narrow = call.function() == AggregateFunction.SUM
                && call.arguments().get(0).type().kind() == SqlType.Kind.BIGINT
                && !WideNumbers.isWide(call.arguments().get(0), input);
        return narrow ? call.withType(SqlType.BIGINT) : call;
    }

    List<AggregateCall> calls() {
        return calls;
    }

    /** Where the use of a column stands; uses are told apart by identity. */
    void notePosition(ScalarExpr use, Position position) {
        positions.put(use, position);
    }

    /** Where {@code use} stands. */
    Position positionOf(ScalarExpr use) {
        return positions.getOrDefault(use, Position.UNKNOWN);
    }
}
