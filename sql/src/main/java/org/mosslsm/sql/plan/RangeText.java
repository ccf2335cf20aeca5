// Key ranges as text, for people.
package org.mosslsm.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.plan.KeyRangeSpec.Constraint;

/**
 * Writes key ranges in SQL values: {@code a=[7] b=[1, 3] c=(5..9]}; brackets include a bound, parentheses exclude it.
 */
final class RangeText {
    private final ExprText expressions;

    RangeText(ExprText expressions) {
        this.expressions = expressions;
    }

    String of(Table table, Index index, KeyRangeSpec ranges) {
        if (ranges.boxes().isEmpty()) {
            return "nothing";
        }
        if (ranges.isAll()) {
            return "all";
        }
        List<String> boxes = new ArrayList<>();
        for (KeyRangeSpec.Box box : ranges.boxes()) {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < box.parts().size(); i++) {
                String name = table.column(index.keys().get(i).columnId()).name();
                parts.add((name.isEmpty() ? "row id" : name) + "="
                        + bracketed(box.parts().get(i)));
            }
            boxes.add(String.join(" ", parts));
        }
        int shown = Math.min(boxes.size(), 8);
        String text = String.join(" OR ", boxes.subList(0, shown));
        return shown < boxes.size() ? text + " OR ... " + (boxes.size() - shown) + " more" : text;
    }

    private String bracketed(Constraint c) {
        if (c instanceof KeyRangeSpec.Comparison k) {
            String value = expressions.of(k.value());
            return switch (k.op()) {
                case LT -> "(.." + value + ")";
                case LE -> "(.." + value + "]";
                case GT -> "(" + value + "..)";
                case GE -> "[" + value + "..)";
                default -> "[" + value + "]";
            };
        }
        if (c instanceof KeyRangeSpec.OneOf o) {
            return "[" + expressions.list(o.values()) + "]";
        }
        if (c instanceof KeyRangeSpec.StartsWith s) {
            return "[" + expressions.of(s.prefix()) + "...]";
        }
        if (c instanceof KeyRangeSpec.Null) {
            return "[NULL]";
        }
        if (c instanceof KeyRangeSpec.NotNull) {
            return "[NOT NULL]";
        }
        if (c instanceof KeyRangeSpec.AnyOf a) {
            return a.terms().stream().map(this::bracketed).collect(Collectors.joining("|"));
        }
        KeyRangeSpec.AllOf all = (KeyRangeSpec.AllOf) c;
        return all.terms().size() == 2 ? interval(all) : joined(all);
    }

    private String joined(KeyRangeSpec.AllOf all) {
        return all.terms().stream().map(this::bracketed).collect(Collectors.joining("&"));
    }

    private String interval(KeyRangeSpec.AllOf all) {
        KeyRangeSpec.Comparison low = null;
        KeyRangeSpec.Comparison high = null;
        for (Constraint c : all.terms()) {
            if (c instanceof KeyRangeSpec.Comparison k) {
                switch (k.op()) {
                    case GT, GE -> low = k;
                    case LT, LE -> high = k;
                    default -> {}
                }
            }
        }
        if (low == null || high == null) {
            return joined(all);
        }
        return open(low) + expressions.of(low.value()) + ".." + expressions.of(high.value()) + close(high);
    }

    private static String open(KeyRangeSpec.Comparison low) {
        return low.op() == CompareOp.GE ? "[" : "(";
    }

    private static String close(KeyRangeSpec.Comparison high) {
        return high.op() == CompareOp.LE ? "]" : ")";
    }
}
