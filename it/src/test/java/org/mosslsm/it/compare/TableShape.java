package org.mosslsm.it.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.mosslsm.it.compare.RandomSql.Query;

/**
 * A table drawn at random.
 *
 * @param columns the key columns first
 * @param keyColumns how many of them are the primary key
 * @param indexes CREATE INDEX statements; the other engine knows neither a WHERE nor, but for unique ones, INCLUDE
 * @param otherColumns columns that the other engine has besides, which nobody sees: each is 1 where the condition of a unique
 *     index holds and NULL elsewhere, so that its own index with that column first is unique for the same rows
 */
record TableShape(String name, List<Column> columns, int keyColumns, List<Query> indexes, List<String> otherColumns) {
    /** What kind of values a column has. */
    enum Kind {
        INTEGER("INTEGER"),
        BIGINT("BIGINT"),
        DECIMAL("DECIMAL(10, 2)"),
        DOUBLE("DOUBLE PRECISION"),
        TEXT("VARCHAR(20)"),
        CHAR("CHAR(4)"),
        BINARY("BINARY(2)"),
        VARBINARY("VARBINARY(6)"),
        BOOLEAN("BOOLEAN"),
        DATE("DATE"),
        TIMESTAMP("TIMESTAMP"),
        TIMESTAMP_TZ("TIMESTAMP WITH TIME ZONE"),
        TIME("TIME(0)"),
        REAL("REAL"),
        UUID("UUID");

        final String sql;

        Kind(String sql) {
            this.sql = sql;
        }

        boolean isNumber() {
            return this == INTEGER || this == BIGINT || this == DECIMAL || this == DOUBLE;
        }

        /** Whether MIN and MAX take it everywhere. */
        boolean hasExtremes() {
            return this != BOOLEAN && this != UUID && this != BINARY && this != VARBINARY;
        }
    }

    /** A column. */
    record Column(String name, Kind kind, boolean notNull) {}

    static TableShape draw(String name, Random random) {
        List<Column> columns = new ArrayList<>();
        int keyColumns = 1 + random.nextInt(2);
        Kind[] keyKinds = {
            Kind.INTEGER,
            Kind.BIGINT,
            Kind.TEXT,
            Kind.DATE,
            Kind.DECIMAL,
            Kind.CHAR,
            Kind.VARBINARY,
            Kind.TIMESTAMP_TZ,
            Kind.BINARY,
            Kind.UUID,
            Kind.TIMESTAMP,
            Kind.TIME
        };
        for (int i = 0; i < keyColumns; i++) {
            Kind kind = i == 0 && random.nextInt(4) > 0
                    ? keyKinds[random.nextInt(2)]
                    : keyKinds[random.nextInt(keyKinds.length)];
            columns.add(new Column("k" + i, kind, true));
        }
        Kind[] kinds = Kind.values();
        columns.add(new Column("c0", Kind.INTEGER, false));
        columns.add(new Column("c1", Kind.TEXT, false));
        for (int i = 2; i < 4 + random.nextInt(4); i++) {
            columns.add(new Column("c" + i, kinds[random.nextInt(kinds.length)], random.nextInt(6) == 0));
        }
        List<Query> indexes = new ArrayList<>();
        List<String> otherColumns = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            Column first = columns.get(keyColumns + random.nextInt(columns.size() - keyColumns));
            Column second = columns.get(random.nextInt(columns.size()));
            String more = second.equals(first) ? "" : ", " + second.name() + (random.nextBoolean() ? " DESC" : "");
            String unique = random.nextInt(4) == 0 && !more.isEmpty() ? "UNIQUE " : "";
            String index = name + "_i" + i;
            String on = "INDEX " + index + " ON " + name + " (";
            String keys = first.name() + (random.nextInt(3) == 0 ? " DESC" : "") + more + ")";
            String include = random.nextInt(3) == 0 ? include(columns, first, second, random) : "";
            String where = random.nextInt(unique.isEmpty() ? 3 : 2) == 0 ? condition(columns, random) : "";
            String otherKeys = keys;
            if (!unique.isEmpty() && !where.isEmpty()) {
                otherColumns.add(index + " INTEGER INVISIBLE GENERATED ALWAYS AS (CASE WHEN " + where + " THEN 1 END)");
                otherKeys = index + ", " + keys;
            }
            indexes.add(new Query(
                    "CREATE " + unique + on + keys + include + (where.isEmpty() ? "" : " WHERE " + where),
                    false,
                    "CREATE " + unique + on + otherKeys));
        }
        return new TableShape(name, List.copyOf(columns), keyColumns, List.copyOf(indexes), List.copyOf(otherColumns));
    }

    private static String include(List<Column> columns, Column first, Column second, Random random) {
        Column third = columns.get(random.nextInt(columns.size()));
        return third.equals(first) || third.equals(second) ? "" : " INCLUDE (" + third.name() + ")";
    }

    /** Of a partial index: one that the conditions of queries sometimes imply. */
    private static String condition(List<Column> columns, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> columns.get(random.nextInt(columns.size())).name() + " IS NOT NULL";
            case 1 -> "c0 > " + random.nextInt(30);
            case 2 -> "c0 < " + random.nextInt(30) + " OR c1 IS NULL";
            default -> "c1 >= 'a'";
        };
    }

    /** CREATE TABLE. */
    Query create() {
        return new Query(create(List.of()), false, create(otherColumns));
    }

    private String create(List<String> more) {
        StringBuilder sql = new StringBuilder("CREATE TABLE " + name + " (");
        for (Column column : columns) {
            sql.append(column.name()).append(' ').append(column.kind().sql);
            sql.append(column.notNull() ? " NOT NULL, " : ", ");
        }
        more.forEach(column -> sql.append(column).append(", "));
        return sql + "PRIMARY KEY (" + keyList("") + "))";
    }

    /** The key columns, comma separated, each with {@code suffix}. */
    String keyList(String suffix) {
        StringBuilder list = new StringBuilder();
        for (Column column : columns.subList(0, keyColumns)) {
            list.append(list.isEmpty() ? "" : ", ").append(column.name()).append(suffix);
        }
        return list.toString();
    }

    Column anyColumn(Random random) {
        return columns.get(random.nextInt(columns.size()));
    }

    Column anyNumber(Random random) {
        List<Column> numbers = columns.stream().filter(c -> c.kind().isNumber()).toList();
        return numbers.get(random.nextInt(numbers.size()));
    }
}
