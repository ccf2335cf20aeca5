// INFORMATION_SCHEMA.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Kind;

/**
 * The standard's views of the catalog, and two of our own for indexes. They are constants of a plan: a plan holds for one
 * version of the catalog, so its rows are known when it is made, and conditions, joins and sorting are the planner's.
 *
 * <p>DATA_TYPE is the name that CREATE TABLE takes and JDBC tells.
 */
final class InformationSchema {
    /** The name of the schema; no other may have it. */
    static final String NAME = "information_schema";

    /** The one catalog, as CURRENT_CATALOG tells it; no name says it. */
    static final String CATALOG = "mosslsm";

    /** A view: its columns, {@code #} before those of whole numbers, and what makes its rows. */
    private record Source(List<String> columns, BiConsumer<BindContext, Rows> rows) {}

    /** Rows being made. */
    static final class Rows {
        private final List<Object[]> rows = new ArrayList<>();

        /** Adds a row; a boolean is YES or NO, an empty Optional is NULL. */
        void add(Object... values) {
            for (int i = 0; i < values.length; i++) {
                Object v = values[i] instanceof Optional<?> o ? o.orElse(null) : values[i];
                values[i] = v instanceof Boolean b ? (b ? "YES" : "NO") : v instanceof Integer n ? (Long) (long) n : v;
            }
            rows.add(values);
        }
    }

    private InformationSchema() {}

    /** The view of that name, if there is one. */
    static Optional<LogicalPlan> view(BindContext context, String name) {
        Source source = source(name);
        if (source == null) {
            return Optional.empty();
        }
        List<PlanColumn> columns = new ArrayList<>();
        for (String column : source.columns()) {
            boolean number = column.startsWith("#");
            columns.add(PlanColumn.computed(
                    number ? column.substring(1) : column, number ? SqlType.BIGINT : SqlType.TEXT, true));
        }
        Rows made = new Rows();
        source.rows().accept(context, made);
        List<List<ScalarExpr>> rows = new ArrayList<>(made.rows.size());
        for (Object[] values : made.rows) {
            List<ScalarExpr> row = new ArrayList<>(values.length);
            for (int i = 0; i < values.length; i++) {
                row.add(ExprFactory.literal(values[i], columns.get(i).type()));
            }
            rows.add(row);
        }
        return Optional.of(new LogicalPlan.Values(rows, columns));
    }

    private static Source source(String name) {
        return switch (name) {
            case "information_schema_catalog_name" -> source("catalog_name", (c, rows) -> rows.add(CATALOG));
            case "schemata" -> source("catalog_name schema_name schema_owner remarks", InformationSchema::schemata);
            case "tables" ->
                source(
                        "table_catalog table_schema table_name table_type is_insertable_into remarks",
                        InformationSchema::tables);
            case "columns" ->
                source(
                        "table_catalog table_schema table_name column_name #ordinal_position column_default is_nullable"
                                + " data_type #character_maximum_length #character_octet_length #numeric_precision"
                                + " #numeric_precision_radix #numeric_scale #datetime_precision is_identity"
                                + " identity_generation #identity_start #identity_increment #identity_maximum"
                                + " #identity_minimum identity_cycle is_generated generation_expression is_updatable"
                                + " is_self_referencing udt_catalog udt_schema udt_name dtd_identifier remarks",
                        InformationSchema::columns);
            case "views" ->
                source(
                        "table_catalog table_schema table_name view_definition check_option is_updatable"
                                + " is_insertable_into remarks",
                        InformationSchema::views);
            case "sequences" ->
                source(
                        "sequence_catalog sequence_schema sequence_name data_type #numeric_precision"
                                + " #numeric_precision_radix #numeric_scale #start_value #minimum_value #maximum_value"
                                + " #increment cycle_option remarks",
                        InformationSchema::sequences);
            case "table_constraints" ->
                source(
                        "constraint_catalog constraint_schema constraint_name table_catalog table_schema table_name"
                                + " constraint_type is_deferrable initially_deferred enforced nulls_distinct remarks",
                        ConstraintInformation::constraints);
            case "key_column_usage" ->
                source(
                        "constraint_catalog constraint_schema constraint_name table_catalog table_schema table_name"
                                + " column_name #ordinal_position #position_in_unique_constraint",
                        ConstraintInformation::keyColumns);
            case "constraint_column_usage" ->
                source(
                        "table_catalog table_schema table_name column_name constraint_catalog constraint_schema"
                                + " constraint_name",
                        ConstraintInformation::usedColumns);
            case "referential_constraints" ->
                source(
                        "constraint_catalog constraint_schema constraint_name unique_constraint_catalog"
                                + " unique_constraint_schema unique_constraint_name match_option update_rule"
                                + " delete_rule",
                        ConstraintInformation::references);
            case "check_constraints" ->
                source(
                        "constraint_catalog constraint_schema constraint_name check_clause",
                        ConstraintInformation::checks);
            case "indexes" ->
                source(
                        "table_catalog table_schema table_name index_name is_unique is_primary_key is_constraint"
                                + " filter_condition remarks",
                        ConstraintInformation::indexes);
            case "index_columns" ->
                source(
                        "table_catalog table_schema table_name index_name column_name #ordinal_position ordering"
                                + " is_included",
                        ConstraintInformation::indexColumns);
            // What there is none of.
            case "routines" ->
                empty("specific_catalog specific_schema specific_name routine_catalog routine_schema routine_name"
                        + " routine_type data_type routine_body routine_definition external_language");
            case "parameters" ->
                empty("specific_catalog specific_schema specific_name #ordinal_position parameter_mode"
                        + " parameter_name data_type");
            case "triggers" ->
                empty("trigger_catalog trigger_schema trigger_name event_manipulation event_object_catalog"
                        + " event_object_schema event_object_table #action_order action_condition"
                        + " action_statement action_orientation action_timing");
            case "domains" ->
                empty("domain_catalog domain_schema domain_name data_type #character_maximum_length"
                        + " #numeric_precision #numeric_scale domain_default");
            default -> null;
        };
    }

    /** A view without rows. */
    private static Source empty(String columns) {
        return source(columns, (context, rows) -> {});
    }

    private static Source source(String columns, BiConsumer<BindContext, Rows> rows) {
        return new Source(Arrays.asList(columns.split(" ", -1)), rows);
    }

    // ---- rows

    private static void schemata(BindContext context, Rows rows) {
        TreeSet<String> names = new TreeSet<>(context.catalog().schemas());
        names.add(NAME);
        for (String name : names) {
            rows.add(CATALOG, name, "owner", context.catalog().schemaComment(name));
        }
    }

    private static void tables(BindContext context, Rows rows) {
        for (Table t : context.catalog().tables()) {
            rows.add(CATALOG, t.schema(), t.name(), "BASE TABLE", true, t.comment());
        }
        for (View v : context.catalog().views()) {
            rows.add(CATALOG, v.schema(), v.name(), "VIEW", false, v.comment());
        }
    }

    private static void columns(BindContext context, Rows rows) {
        Catalog catalog = context.catalog();
        for (Table t : catalog.tables()) {
            int position = 1;
            for (Column c : t.columns()) {
                boolean nullable = !c.notNull() && !t.primary().hasKey(c.id());
                Optional<Sequence> sequence = c.identity().flatMap(i -> catalog.sequence(i.sequenceId()));
                column(
                        rows,
                        List.of(t.schema(), t.name(), c.name()),
                        position++,
                        c.defaultText(),
                        nullable,
                        c.type(),
                        c.identity().map(Column.Identity::always),
                        sequence,
                        c.comment());
            }
        }
        for (View v : catalog.views()) {
            int position = 1;
            for (PlanColumn c : viewColumns(context, v)) {
                column(
                        rows,
                        List.of(v.schema(), v.name(), c.name()),
                        position++,
                        Optional.empty(),
                        c.nullable(),
                        c.type(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.ofNullable(v.columnComments().get(c.name())));
            }
        }
    }

    /** None where the view cannot be used any more: what it needs was dropped. */
    private static List<PlanColumn> viewColumns(BindContext context, View view) {
        try {
            return new RelationBinder(context, Surroundings.NONE)
                    .view(view, Position.UNKNOWN)
                    .columns();
        } catch (SqlException e) {
            if (e.sqlState().equals(SqlState.QUERY_CANCELED)) {
                throw e;
            }
            return List.of();
        }
    }

    private static void column(
            Rows rows,
            List<String> name,
            int position,
            Optional<String> defaultText,
            boolean nullable,
            SqlType type,
            Optional<Boolean> always,
            Optional<Sequence> sequence,
            Optional<String> comment) {
        boolean sized = type.isCharacter() && type.length() > 0;
        boolean bytes = type.family() == SqlType.Family.BINARY && type.length() > 0;
        boolean timed =
                switch (type.kind()) {
                    case TIME, TIMESTAMP, TIMESTAMPTZ -> true;
                    default -> false;
                };
        rows.add(
                CATALOG,
                name.get(0),
                name.get(1),
                name.get(2),
                position,
                defaultText,
                nullable,
                type.kind().sqlName(),
                sized ? (Object) type.length() : null,
                sized ? (Object) (4L * type.length()) : bytes ? (Object) type.length() : null,
                precision(type),
                type.isNumeric() ? (Object) (type.kind() == Kind.DECIMAL ? 10 : 2) : null,
                scale(type),
                timed ? (Object) type.precision() : type.kind() == Kind.DATE ? (Object) 0 : null,
                always.isPresent(),
                always.map(a -> a ? "ALWAYS" : "BY DEFAULT"),
                sequence.map(Sequence::start),
                sequence.map(Sequence::increment),
                sequence.map(Sequence::maxValue),
                sequence.map(Sequence::minValue),
                sequence.map(s -> s.cycle() ? "YES" : "NO"),
                "NEVER",
                null,
                true,
                false,
                CATALOG,
                "pg_catalog",
                postgresName(type),
                Integer.toString(position),
                comment);
    }

    /** What PostgreSQL calls the type within itself, and many tools with it. */
    private static String postgresName(SqlType type) {
        return switch (type.kind()) {
            case BOOLEAN -> "bool";
            case SMALLINT -> "int2";
            case INTEGER -> "int4";
            case BIGINT -> "int8";
            case REAL -> "float4";
            case DOUBLE -> "float8";
            case DECIMAL -> "numeric";
            case CHAR -> "bpchar";
            case BINARY, VARBINARY, BLOB -> "bytea";
            default -> type.kind().name().toLowerCase(Locale.ROOT);
        };
    }

    /** Digits of a number's precision, in its radix; null where there is no bound. */
    private static Object precision(SqlType type) {
        return switch (type.kind()) {
            case SMALLINT -> 16;
            case INTEGER -> 32;
            case BIGINT -> 64;
            case REAL -> 24;
            case DOUBLE -> 53;
            case DECIMAL -> type.precision() == 0 ? null : (Object) type.precision();
            default -> null;
        };
    }

    private static Object scale(SqlType type) {
        return switch (type.kind()) {
            case SMALLINT, INTEGER, BIGINT -> 0;
            case DECIMAL -> type.precision() == 0 ? null : (Object) type.scale();
            default -> null;
        };
    }

    private static void views(BindContext context, Rows rows) {
        for (View v : context.catalog().views()) {
            rows.add(CATALOG, v.schema(), v.name(), v.text(), "NONE", false, false, v.comment());
        }
    }

    private static void sequences(BindContext context, Rows rows) {
        for (Sequence s : context.catalog().sequences()) {
            rows.add(
                    CATALOG,
                    s.schema(),
                    s.name(),
                    "BIGINT",
                    64,
                    2,
                    0,
                    s.start(),
                    s.minValue(),
                    s.maxValue(),
                    s.increment(),
                    s.cycle(),
                    s.comment());
        }
    }
}
