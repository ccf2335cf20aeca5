package org.mosslsm.sql.expr;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.ScalarExpr.When;
import org.mosslsm.sql.type.SqlType;

/** Random expressions over a row of two BIGINTs; divisions by zero and overflows among them. */
final class RandomExpressions {
    private RandomExpressions() {}

    static ScalarExpr number(Random random, int depth) {
        if (depth == 0 || random.nextInt(6) == 0) {
            return leaf(random);
        }
        return switch (random.nextInt(6)) {
            case 0, 1, 2 ->
                ExprFactory.call(
                        List.of("+", "-", "*", "/", "%").get(random.nextInt(5)),
                        List.of(number(random, depth - 1), number(random, depth - 1)));
            case 3 -> ExprFactory.coalesce(List.of(number(random, depth - 1), number(random, depth - 1)));
            case 4 ->
                ExprFactory.caseWhen(
                        List.of(new When(truth(random, depth - 1), number(random, depth - 1))),
                        random.nextBoolean() ? Optional.of(number(random, depth - 1)) : Optional.empty());
            default -> ExprFactory.nullIf(number(random, depth - 1), number(random, depth - 1));
        };
    }

    private static ScalarExpr leaf(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> ExprFactory.nullOf(SqlType.BIGINT);
            case 1, 2 -> new ColumnRef(random.nextInt(2), SqlType.BIGINT);
            default -> ExprFactory.literal((long) random.nextInt(4), SqlType.BIGINT);
        };
    }

    static ScalarExpr truth(Random random, int depth) {
        if (depth <= 0) {
            return ExprFactory.compare(List.of(CompareOp.values()).get(random.nextInt(6)), leaf(random), leaf(random));
        }
        return switch (random.nextInt(5)) {
            case 0 -> ExprFactory.and(List.of(truth(random, depth - 1), truth(random, depth - 1)));
            case 1 -> ExprFactory.or(List.of(truth(random, depth - 1), truth(random, depth - 1)));
            case 2 -> ExprFactory.not(truth(random, depth - 1));
            case 3 -> ExprFactory.isNull(number(random, depth - 1));
            default ->
                ExprFactory.compare(
                        List.of(CompareOp.values()).get(random.nextInt(6)),
                        number(random, depth - 1),
                        number(random, depth - 1));
        };
    }
}
