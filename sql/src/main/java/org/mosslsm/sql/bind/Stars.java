// What stands for columns without naming them: * and NATURAL.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.SelectItem;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.catalog.ViewStar;
import org.mosslsm.sql.catalog.ViewStar.Meant;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;

/**
 * Tells what stars and natural joins stand for. In a statement that is all there is; in a view it is what there was when
 * the view was made (SQL:2016 11.32: a view's columns are fixed then), noted by their places in its text. A column is
 * found again by its number where its table is still the one it was, and by its name otherwise.
 *
 * <p>One statement, one thread.
 */
final class Stars {
    /** Where nothing is known and nothing noted: a statement. */
    static final Stars OF_STATEMENT = new Stars(Map.of(), Optional.empty());

    private final Map<Position, ViewStar> known;
    private final Optional<Map<Position, ViewStar>> noted;

    private Stars(Map<Position, ViewStar> known, Optional<Map<Position, ViewStar>> noted) {
        this.known = known;
        this.noted = noted;
    }

    /** Those of a view; of one made before they were kept none, so that its stars are those of a statement. */
    static Stars of(View view) {
        if (view.stars().isEmpty()) {
            return OF_STATEMENT;
        }
        Map<Position, ViewStar> known = new HashMap<>();
        view.stars().forEach(s -> known.put(new Position(s.line(), s.column()), s));
        return new Stars(known, Optional.empty());
    }

    /** Notes what they stand for, for a view that is made. */
    static Stars noting() {
        return new Stars(Map.of(), Optional.of(new LinkedHashMap<>()));
    }

    /** What was noted. */
    List<ViewStar> noted() {
        return noted.map(n -> List.copyOf(n.values())).orElse(List.of());
    }

    /**
     * The columns that a star stands for.
     *
     * @throws SqlException 42703 when one that a view's star stood for is gone
     */
    List<Scope.Entry> entries(SelectItem.All star, Scope scope) {
        List<Scope.Entry> all = SelectBinder.starEntries(star, scope);
        ViewStar then = known.get(star.position());
        if (then != null) {
            return again(then, all, scope);
        }
        noted.ifPresent(n -> {
            List<Meant> meant = new ArrayList<>();
            all.forEach(e -> meant.add(meant(e, scope)));
            note(star.position(), meant, n);
        });
        return all;
    }

    /** The names that a NATURAL JOIN makes equal, of those that both sides have in common. */
    List<String> common(Position join, List<String> names) {
        ViewStar then = known.get(join);
        if (then != null) {
            return then.columns().stream().map(Meant::name).toList();
        }
        noted.ifPresent(n ->
                note(join, names.stream().map(name -> new Meant("", name, 0, 0)).toList(), n));
        return names;
    }

    private static void note(Position at, List<Meant> meant, Map<Position, ViewStar> noted) {
        noted.put(at, new ViewStar(at.line(), at.column(), meant));
    }

    // ---- columns

    private static Meant meant(Scope.Entry e, Scope scope) {
        for (Scope.BaseTable t : scope.tables()) {
            int ordinal = ordinal(e, t);
            if (ordinal >= 0) {
                return new Meant(
                        e.relation(),
                        e.name(),
                        t.table().id(),
                        t.table().columns().get(ordinal).id());
            }
        }
        return new Meant(e.relation(), e.name(), 0, 0);
    }

    /** Which column of the table it is; -1 where it is none of it. */
    private static int ordinal(Scope.Entry e, Scope.BaseTable t) {
        if (e.relation().isEmpty() || !(e.expr() instanceof ColumnRef c)) {
            return -1;
        }
        int ordinal = c.index() - t.offset();
        return ordinal < t.table().columns().size() ? ordinal : -1;
    }

    /** What is meant today, under the names of then. */
    private static List<Scope.Entry> again(ViewStar then, List<Scope.Entry> all, Scope scope) {
        List<Scope.Entry> left = new ArrayList<>(all);
        List<Scope.Entry> found = new ArrayList<>();
        for (Meant m : then.columns()) {
            Optional<Scope.BaseTable> table = scope.tables().stream()
                    .filter(t -> t.table().id() == m.table())
                    .filter(t -> all.stream().anyMatch(e -> e.relation().equals(m.relation()) && ordinal(e, t) >= 0))
                    .findFirst();
            Scope.Entry now = left.stream()
                    .filter(e -> e.relation().equals(m.relation()) && is(e, m, table))
                    .findFirst()
                    .orElseThrow(() -> gone(m));
            left.remove(now);
            found.add(new Scope.Entry(
                    now.relation(), now.schema(), m.name(), now.expr(), now.column(), now.qualifiedOnly()));
        }
        return found;
    }

    private static boolean is(Scope.Entry e, Meant m, Optional<Scope.BaseTable> base) {
        if (base.isEmpty()) {
            return e.name().equals(m.name());
        }
        Table table = base.get().table();
        int ordinal = ordinal(e, base.get());
        return ordinal >= 0 && table.columns().get(ordinal).id() == m.id();
    }

    private static SqlException gone(Meant m) {
        String of = m.relation().isEmpty() ? "" : " of \"" + m.relation() + "\"";
        return new SqlException(
                SqlState.UNDEFINED_COLUMN,
                "column \"" + m.name() + "\"" + of + ", which its * stands for, is gone: create the view again");
    }
}
