// The settings of a session.
package org.mosslsm.sql;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.txn.Isolation;
import org.mosslsm.kv.txn.Transactions;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.NameText;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.spill.Workspace;
import org.mosslsm.sql.type.Words;
import org.mosslsm.sql.type.ZoneNames;

/**
 * What SET sets and SHOW shows. Settings of PostgreSQL that mean nothing here ({@link QuietSettings}), and those of programs
 * (with a dot in their name), are remembered for who asks for them. Used under the session's lock.
 *
 * <p>A SET is part of its transaction: undone where that, or the statement or the part since a savepoint, is rolled back.
 * SET LOCAL ends with the transaction, whatever becomes of it. So of each setting there are two values, the one that counts
 * now and the one that is left by a COMMIT; they differ where SET LOCAL was said. What is set by Java's methods, and not in
 * SQL, is no part of a transaction, and stays.
 */
final class SessionSettings {
    private static final Pattern MEMORY = Pattern.compile("(\\d{1,9})\\s*(B|kB|MB|GB)?");

    private static final Pattern TIME = Pattern.compile("\\+?(\\d{1,40}(?:\\.\\d{0,40})?)\\s*(us|ms|s|min|h|d)?");

    final Durability defaultDurability;
    /** Where names without a schema are looked up, in order; at least one. */
    List<String> path = List.of(Catalog.DEFAULT_SCHEMA);

    ZoneId zone = ZoneId.systemDefault();
    boolean readOnly;
    Isolation isolation = Isolation.READ_COMMITTED;
    Durability durability;
    long statementTimeoutMillis;
    long lockTimeoutMillis = Transactions.LOCK_TIMEOUT_MILLIS;

    long workMemoryBytes = Workspace.defaultBudgetBytes();

    /** What was set of what means nothing here, by name. */
    Map<String, String> quiet = Map.of();

    /** The open transaction, which may have modes of its own. */
    Supplier<Optional<SessionTransaction>> open = Optional::empty;

    /** Whether there is one, or was until an error took it and nobody said ROLLBACK yet. */
    BooleanSupplier inTransaction = () -> false;

    /** All that can be set, at one moment. */
    private record Values(
            List<String> path,
            ZoneId zone,
            long statementTimeoutMillis,
            long lockTimeoutMillis,
            long workMemoryBytes,
            Durability durability,
            Isolation isolation,
            boolean readOnly,
            Map<String, String> quiet) {}

    /** What counts and what a COMMIT would leave. */
    record State(Values now, Values lasting) {}

    /** What counted before the first SET of the open transaction; empty before that. */
    private Optional<State> atBegin = Optional.empty();

    /** That of this moment. */
    private State state;

    SessionSettings(Durability durability) {
        this.defaultDurability = durability;
        this.durability = durability;
        Values first = values();
        this.state = new State(first, first);
    }

    private Values values() {
        return new Values(
                path,
                zone,
                statementTimeoutMillis,
                lockTimeoutMillis,
                workMemoryBytes,
                durability,
                isolation,
                readOnly,
                quiet);
    }

    private void take(Values values) {
        path = values.path();
        zone = values.zone();
        statementTimeoutMillis = values.statementTimeoutMillis();
        lockTimeoutMillis = values.lockTimeoutMillis();
        workMemoryBytes = values.workMemoryBytes();
        durability = values.durability();
        isolation = values.isolation();
        readOnly = values.readOnly();
        quiet = values.quiet();
    }

    /** What is now, to be given back to {@link #restore}. */
    State state() {
        return state;
    }

    /** As it was then. */
    void restore(State then) {
        state = then;
        take(then.now());
    }

    /** The transaction that was open ended: was it committed? */
    void ended(boolean committed) {
        if (atBegin.isPresent()) {
            restore(committed ? new State(state.lasting(), state.lasting()) : atBegin.get());
            atBegin = Optional.empty();
        }
    }

    /** What a state becomes by an assignment to the fields, which are left as they were; as is one that refuses. */
    private State with(State given, Runnable assignment) {
        try {
            take(given.lasting());
            assignment.run();
            Values lasting = values();
            if (given.now().equals(given.lasting())) {
                return new State(lasting, lasting);
            }
            take(given.now());
            assignment.run();
            return new State(values(), lasting);
        } finally {
            take(state.now());
        }
    }

    private void change(boolean local, Runnable assignment) {
        State before = state;
        State after = with(before, assignment);
        if (open.get().isEmpty()) {
            restore(local ? before : after);
            return;
        }
        if (atBegin.isEmpty()) {
            atBegin = Optional.of(before);
        }
        restore(local ? new State(after.now(), before.lasting()) : after);
    }

    /** Sets something for good, whatever becomes of the open transaction. */
    void always(Runnable assignment) {
        atBegin = atBegin.map(then -> with(then, assignment));
        open.get().ifPresent(t -> t.changeRemembered(then -> with(then, assignment)));
        restore(with(state, assignment));
    }

    /**
     * SET name = values; without values back to the default.
     *
     * @param local until the end of the open transaction; where none is open it is looked at, and forgotten
     * @return whether the setting means something here
     */
    boolean set(String name, List<String> values, boolean local) {
        String key = Words.lower(name);
        if (QuietSettings.canBeSet(key)) {
            change(local, () -> quiet = remembered(key, values));
            return QuietSettings.isOwn(key);
        }
        change(local, () -> assign(name, key, values));
        return true;
    }

    private Map<String, String> remembered(String key, List<String> values) {
        Map<String, String> more = new HashMap<>(quiet);
        if (values.isEmpty()) {
            more.remove(key);
        } else {
            more.put(key, String.join(", ", values));
        }
        return Map.copyOf(more);
    }

    private void assign(String name, String key, List<String> values) {
        Optional<String> first = values.stream().findFirst().filter(v -> !v.equalsIgnoreCase("default"));
        switch (key) {
            case "all" -> assignDefaults();
            case "schema", "search_path" -> path = path(values);
            case "timezone", "time zone" ->
                zone = first.filter(v -> !v.equalsIgnoreCase("local"))
                        .map(SessionSettings::zone)
                        .orElse(ZoneId.systemDefault());
            case "statement_timeout" ->
                statementTimeoutMillis = first.map(v -> millis(key, v)).orElse(0L);
            case "lock_timeout" ->
                lockTimeoutMillis = first.map(v -> millis(key, v)).orElse(Transactions.LOCK_TIMEOUT_MILLIS);
            case "work_mem" ->
                workMemoryBytes = first.map(SessionSettings::workMemory).orElse(Workspace.defaultBudgetBytes());
            case "durability" ->
                durability = first.map(SessionSettings::durability).orElse(defaultDurability);
            default ->
                throw new SqlException(
                        SqlState.UNDEFINED_OBJECT,
                        "there is no setting \"" + name + "\"; there are: " + String.join(", ", all().keySet()));
        }
    }

    /** Puts all settings back to their defaults; a transaction that is open keeps its modes. */
    void reset() {
        change(false, this::assignDefaults);
    }

    private void assignDefaults() {
        for (String name :
                List.of("search_path", "timezone", "statement_timeout", "lock_timeout", "work_mem", "durability")) {
            assign(name, name, List.of());
        }
        isolation = Isolation.READ_COMMITTED;
        readOnly = false;
        quiet = Map.of();
    }

    /** Of a path as PostgreSQL's programs set it, what there is here: no schema of a user, none of the system's. */
    private static List<String> path(List<String> values) {
        List<String> named = values.stream()
                .filter(v ->
                        !v.isEmpty() && !v.equals("$user") && !v.equals("pg_catalog") && !v.equalsIgnoreCase("default"))
                .distinct()
                .toList();
        return named.isEmpty() ? List.of(Catalog.DEFAULT_SCHEMA) : named;
    }

    /** The schema in which objects are made: the first of the path that exists. */
    String schema(Catalog catalog) {
        return catalog.firstExisting(path);
    }

    /** Whether what runs now may change nothing. */
    boolean readsOnly() {
        Optional<SessionTransaction> now = open.get();
        return now.isPresent() ? now.get().readOnly : readOnly;
    }

    /** All settings with their values, by name. */
    Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        Optional<SessionTransaction> now = open.get();
        all.put("durability", text(durability));
        all.put("lock_timeout", Long.toString(lockTimeoutMillis));
        all.put("schema", NameText.list(path));
        all.put("statement_timeout", Long.toString(statementTimeoutMillis));
        all.put("timezone", ZoneNames.text(zone));
        all.put("transaction_isolation", text(now.map(t -> t.tx.isolation()).orElse(isolation)));
        all.put("transaction_read_only", readsOnly() ? "on" : "off");
        all.put("work_mem", workMemoryBytes / 1024 + "kB");
        return all;
    }

    private static String text(Isolation isolation) {
        return isolation.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    Optional<String> get(String name) {
        String key = Words.lower(name);
        if (key.equals("server_version")) {
            return Optional.of(version());
        }
        if (key.equals("default_transaction_isolation")) {
            return Optional.of(text(isolation));
        }
        if (key.equals("in_transaction")) {
            return Optional.of(inTransaction.getAsBoolean() ? "on" : "off");
        }
        if (key.equals("server_version_num")) {
            String[] parts = version().split("[^0-9]+", -1); // two digits for each of major, minor and patch
            return Optional.of(Integer.toString(10_000 * Integer.parseInt(parts[0])
                    + 100 * Integer.parseInt(parts[1])
                    + Integer.parseInt(parts[2])));
        }
        if (quiet.containsKey(key)) {
            return Optional.of(quiet.get(key));
        }
        if (key.equals("default_transaction_read_only")) {
            return Optional.of(readOnly ? "on" : "off");
        }
        return QuietSettings.unset(key)
                .or(() -> Optional.ofNullable(all().get(
                                switch (key) {
                                    case "search_path", "current_schema" -> "schema";
                                    case "time zone" -> "timezone";
                                    case "transaction isolation level" -> "transaction_isolation";
                                    default -> key;
                                })));
    }

    private static String version() {
        String version = SessionSettings.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0" : version;
    }

    private static ZoneId zone(String name) {
        return ZoneNames.findOfSession(name)
                .orElseThrow(() ->
                        new SqlException(SqlState.INVALID_PARAMETER_VALUE, "there is no time zone \"" + name + "\""));
    }

    /** As PostgreSQL reads it: a number of milliseconds, or one with a unit; rounded to whole ones, halves to the even one. */
    private static long millis(String name, String value) {
        Matcher m = TIME.matcher(value.strip());
        if (m.matches()) {
            String unit =
                    switch (String.valueOf(m.group(2))) {
                        case "us" -> "0.001";
                        case "s" -> "1000";
                        case "min" -> "60000";
                        case "h" -> "3600000";
                        case "d" -> "86400000";
                        default -> "1";
                    };
            BigDecimal millis =
                    new BigDecimal(m.group(1)).multiply(new BigDecimal(unit)).setScale(0, RoundingMode.HALF_EVEN);
            if (millis.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0) {
                return millis.longValueExact();
            }
        }
        throw new SqlException(
                SqlState.INVALID_PARAMETER_VALUE,
                name + " takes milliseconds, or a number with us, ms, s, min, h or d, from 0 to " + Integer.MAX_VALUE
                        + " ms, not \"" + value + "\"");
    }

    /** As PostgreSQL reads it: a number of kilobytes, or one with a unit; at least 64 kB. */
    private static long workMemory(String value) {
        Matcher m = MEMORY.matcher(value.strip());
        if (m.matches()) {
            long bytes = Long.parseLong(m.group(1))
                    * switch (String.valueOf(m.group(2))) {
                        case "B" -> 1;
                        case "MB" -> 1 << 20;
                        case "GB" -> 1 << 30;
                        default -> 1 << 10;
                    };
            if (bytes >= 64 << 10) {
                return bytes;
            }
        }
        throw new SqlException(
                SqlState.INVALID_PARAMETER_VALUE,
                "work_mem takes an amount of memory of 64kB or more, as '4MB' or 4096 (kB), not \"" + value + "\"");
    }

    /** {@code sync}, {@code process}, {@code interval:<ms>} or {@code none}. */
    static Durability durability(String word) {
        return switch (Words.lower(word)) {
            case "sync" -> Durability.SYNC;
            case "process" -> Durability.PROCESS;
            case "none" -> Durability.NONE;
            default -> {
                if (!word.matches("(?i)interval:[1-9]\\d{0,8}")) {
                    throw new SqlException(
                            SqlState.INVALID_PARAMETER_VALUE,
                            "durability is sync, process, interval:<milliseconds> or none, not \"" + word + "\"");
                }
                yield Durability.interval(Integer.parseInt(word.substring("interval:".length())));
            }
        };
    }

    private static String text(Durability durability) {
        return durability.kind() == Durability.Kind.INTERVAL
                ? "interval:" + durability.intervalMillis()
                : durability.kind().name().toLowerCase(Locale.ROOT);
    }
}
