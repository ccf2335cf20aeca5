package org.mosslsm.it.property;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/**
 * Two tables drawn at random, their indexes and rows, each as a statement. Some have rows that are older than some of their
 * columns; some have so many that joins merge and indexes are united.
 *
 * @param create the tables, and what is older than a column of theirs
 * @param columns the columns of each table; every type is met within a few draws
 */
record Tables(List<String> create, List<String> indexes, List<String> rows, List<List<Column>> columns) {
    /** A column by the name it has in a query, where the tables are called {@code a} and {@code b}. */
    record Column(String name, Kind kind, boolean notNull) {}

    private static final String WHERE = " WHERE ";

    private static final int FEW = 40;
    private static final int MANY = 250;

    static Tables draw(Random random) {
        List<String> create = new ArrayList<>();
        List<String> indexes = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        List<List<Column>> columns = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            String table = "t" + t;
            List<Column> own = columns(random);
            columns.add(own);
            create.add(create(table, own, random));
            if (random.nextInt(2) == 0) {
                own.add(alter(table, own, create, random));
            }
            // Of rows that are there already some may be alike; those to come give way.
            boolean mayBeUnique = create.stream().noneMatch(sql -> sql.startsWith("INSERT INTO " + table + " "));
            for (int i = random.nextInt(4); i > 0; i--) {
                indexes.add(index(table, i, own, mayBeUnique, random));
            }
            for (int i = random.nextInt(random.nextInt(4) == 0 ? MANY : FEW); i > 0; i--) {
                rows.add(insert(table, own, random));
            }
        }
        if (random.nextBoolean()) {
            rows.add("ANALYZE");
        }
        return new Tables(create, indexes, rows, columns);
    }

    private static List<Column> columns(Random random) {
        List<Column> columns = new ArrayList<>();
        Kind[] kinds = Kind.values();
        for (int i = 4 + random.nextInt(5); i > 0; i--) {
            columns.add(new Column("c" + columns.size(), kinds[random.nextInt(kinds.length)], random.nextInt(5) == 0));
        }
        columns.add(new Column("c" + columns.size(), Kind.INTEGER, false));
        return columns;
    }

    /** Some rows, and a column that comes after them, perhaps in place of another; answers the column. */
    private static Column alter(String table, List<Column> columns, List<String> statements, Random random) {
        if (random.nextInt(3) == 0) {
            statements.add("ALTER TABLE " + table + " ADD COLUMN gone INTEGER DEFAULT 7");
        }
        for (int i = random.nextInt(10); i > 0; i--) {
            statements.add(insert(table, columns, random));
        }
        if (statements.contains("ALTER TABLE " + table + " ADD COLUMN gone INTEGER DEFAULT 7")) {
            statements.add("ALTER TABLE " + table + " DROP COLUMN gone");
        }
        Kind[] kinds = Kind.values();
        Kind kind = kinds[random.nextInt(kinds.length)];
        boolean hasDefault = random.nextInt(3) > 0;
        boolean notNull = hasDefault && random.nextInt(3) == 0;
        Column added = new Column("c" + columns.size(), kind, notNull);
        statements.add("ALTER TABLE " + table + " ADD COLUMN " + added.name() + " " + kind.sql
                + (hasDefault ? " DEFAULT " + kind.literal(kind.draw(random)) : "") + (notNull ? " NOT NULL" : ""));
        return added;
    }

    private static String create(String table, List<Column> columns, Random random) {
        StringJoiner parts = new StringJoiner(", ", "CREATE TABLE " + table + " (", ")");
        for (Column column : columns) {
            parts.add(column.name() + " " + column.kind().sql + (column.notNull() ? " NOT NULL" : ""));
        }
        List<Column> keys = columns.stream()
                .filter(c -> c.notNull() && c.kind().isIndexable())
                .toList();
        if (!keys.isEmpty() && random.nextInt(3) > 0) {
            parts.add("PRIMARY KEY (" + keys.get(0).name()
                    + (keys.size() > 1 ? ", " + keys.get(1).name() : "") + ")");
        }
        return parts.toString();
    }

    private static String index(String table, int number, List<Column> columns, boolean mayBeUnique, Random random) {
        List<Column> some = new ArrayList<>(columns);
        some.removeIf(c -> !c.kind().isIndexable());
        java.util.Collections.shuffle(some, random);
        StringJoiner keys = new StringJoiner(", ");
        int count = 1 + random.nextInt(Math.min(3, some.size()));
        for (Column column : some.subList(0, count)) {
            keys.add(column.name() + (random.nextInt(3) == 0 ? " DESC" : ""));
        }
        String include = count < some.size() && random.nextInt(3) == 0
                ? " INCLUDE (" + some.get(count).name() + ")"
                : "";
        String partial = random.nextInt(3) == 0 ? WHERE + condition(some, random) : "";
        String unique = mayBeUnique && !partial.isEmpty() && random.nextInt(3) == 0 ? "UNIQUE " : "";
        return "CREATE " + unique + "INDEX " + table + "_i" + number + " ON " + table + " (" + keys + ")" + include
                + partial;
    }

    /** The condition of an index; empty where it has all rows. */
    static String conditionOf(String index) {
        int at = index.indexOf(WHERE);
        return at < 0 ? "" : index.substring(at + WHERE.length());
    }

    /** Its name where it is unique, else empty. */
    static String nameOfUnique(String index) {
        String begin = "CREATE UNIQUE INDEX ";
        return index.startsWith(begin) ? index.substring(begin.length(), index.indexOf(" ON ")) : "";
    }

    /** A condition of a partial index: of one column, or of two strings, and nothing that depends on the session. */
    private static String condition(List<Column> columns, Random random) {
        String[] operators = {" = ", " <> ", " < ", " >= "};
        String operator = operators[random.nextInt(operators.length)];
        List<Column> fixed = columns.stream().filter(c -> c.kind() == Kind.CHAR).toList();
        List<Column> varying =
                columns.stream().filter(c -> c.kind() == Kind.VARCHAR).toList();
        if (!fixed.isEmpty() && !varying.isEmpty() && random.nextBoolean()) {
            return fixed.get(0).name() + operator + varying.get(0).name();
        }
        Column column = columns.get(random.nextInt(columns.size()));
        boolean comparable = column.kind() != Kind.TIMESTAMP_TZ;
        if (!comparable || random.nextInt(3) == 0) {
            return column.name() + (random.nextBoolean() ? " IS NOT NULL" : " IS NULL");
        }
        return column.name() + operator + column.kind().literal(column.kind().draw(random));
    }

    private static String insert(String table, List<Column> columns, Random random) {
        StringJoiner names = new StringJoiner(", ", "INSERT INTO " + table + " (", ")");
        StringJoiner values = new StringJoiner(", ", " VALUES (", ") ON CONFLICT DO NOTHING");
        for (Column column : columns) {
            names.add(column.name());
            boolean isNull = !column.notNull() && random.nextInt(5) == 0;
            values.add(isNull ? "NULL" : value(column.kind(), random));
        }
        return names.toString() + values;
    }

    /** Of a VARCHAR with a blank at its end now and then, which means nothing beside a CHAR. */
    private static String value(Kind kind, Random random) {
        Object value = kind.draw(random);
        boolean blank = kind == Kind.VARCHAR && value.toString().length() < 3 && random.nextInt(3) == 0;
        return kind.literal(blank ? value + " " : value);
    }
}
