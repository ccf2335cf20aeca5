package org.mosslsm.jdbc;

import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mosslsm.sql.error.SqlState;

/**
 * A connection URL taken apart: {@code jdbc:mosslsm:<location>[?name=value[&name=value]...]}; {@code ;name=value} is
 * understood too. A location is a directory, {@code ~} its home, or {@code mem:[name]}. No option runs SQL, loads a
 * class or reads another file, and an unknown one is an error.
 *
 * @param location what the store is opened at
 * @param store options of the store, by name
 * @param session options of the connection, by name
 */
record MossUrl(String location, Map<String, String> store, Map<String, String> session) {
    static final String PREFIX = "jdbc:mosslsm:";

    /** One option: its default, what it may be, and what it does. */
    record Option(String name, boolean ofStore, String defaultValue, List<String> choices, String description) {}

    static final List<Option> OPTIONS = List.of(
            new Option(
                    "durability",
                    true,
                    "sync",
                    List.of("sync", "process", "interval:100", "none"),
                    "what a commit that returned survives: sync = power loss; process = kill -9; interval:<ms> = kill -9,"
                            + " and loses at most so many milliseconds on power loss; none = an orderly close"),
            new Option("create", true, "true", List.of("true", "false"), "whether a missing directory is created"),
            new Option("memoryBytes", true, "", List.of(), "memory of the engine in bytes; default 7/16 of the heap"),
            new Option("memtableBytes", true, "", List.of(), "size of a memtable in bytes; default 1/7 of the memory"),
            new Option("cacheBytes", true, "", List.of(), "size of the block cache in bytes; default the rest"),
            new Option("blockBytes", true, "", List.of(), "size of a block of a table file in bytes"),
            new Option(
                    "compression",
                    true,
                    "lz4",
                    List.of("lz4", "none", "zstd"),
                    "how blocks of table files are compressed"),
            new Option("bottomCompression", true, "", List.of("lz4", "none", "zstd"), "the same for the last level"),
            new Option(
                    "largeValueBytes",
                    true,
                    "",
                    List.of(),
                    "bytes from which on values lie in files of their own; 0 never"),
            new Option("readOnly", false, "false", List.of("true", "false"), "whether the connection refuses writes"),
            new Option("schema", false, "public", List.of(), "the current schema"),
            new Option(
                    "statementTimeout",
                    false,
                    "0",
                    List.of(),
                    "milliseconds after which a statement is cancelled; 0 never"));

    static boolean accepts(String url) {
        return url != null && url.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
    }

    /** Reads a URL and the properties given beside it, which yield to the URL. */
    static MossUrl parse(String url, Properties properties) throws SQLException {
        String rest = url.substring(PREFIX.length());
        int end = endOfLocation(rest);
        String location = rest.substring(0, end);
        if (location.isEmpty()) {
            throw Errors.of(SqlState.CANNOT_CONNECT, "the URL names no directory; write " + PREFIX + "./data");
        }
        Map<String, String> given = new LinkedHashMap<>();
        for (String name : properties.stringPropertyNames()) {
            // JDBC tools always send these two; there are no users here.
            if (!name.equals("user") && !name.equals("password")) {
                given.put(name, properties.getProperty(name));
            }
        }
        for (String pair : rest.substring(end).split("[?;&]", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                if (equals < 0) {
                    throw Errors.of(
                            SqlState.CANNOT_CONNECT, "the option '" + pair + "' has no value; write name=value");
                }
                given.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return sort(home(location), given);
    }

    private static int endOfLocation(String rest) {
        int question = rest.indexOf('?');
        int semicolon = rest.indexOf(';');
        int end = rest.length();
        if (question >= 0) {
            end = question;
        }
        return semicolon >= 0 ? Math.min(end, semicolon) : end;
    }

    private static String home(String location) {
        boolean home = location.equals("~") || location.startsWith("~/") || location.startsWith("~\\");
        return home ? System.getProperty("user.home") + location.substring(1) : location;
    }

    private static MossUrl sort(String location, Map<String, String> given) throws SQLException {
        Map<String, String> store = new TreeMap<>();
        Map<String, String> session = new TreeMap<>();
        for (Map.Entry<String, String> entry : given.entrySet()) {
            Option option = OPTIONS.stream()
                    .filter(o -> o.name()
                            .toLowerCase(Locale.ROOT)
                            .equals(entry.getKey().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElse(null);
            if (option == null) {
                String known = OPTIONS.stream().map(Option::name).collect(Collectors.joining(", "));
                throw Errors.of(
                        SqlState.CANNOT_CONNECT, "unknown option '" + entry.getKey() + "'; there are: " + known);
            }
            (option.ofStore() ? store : session).put(option.name(), entry.getValue());
        }
        return new MossUrl(location, store, session);
    }

    /** The options as a tool shows them; values already given fill in. */
    static DriverPropertyInfo[] describe(String url, Properties properties) {
        Map<String, String> given = new TreeMap<>();
        try {
            if (accepts(url)) {
                MossUrl parsed = parse(url, properties);
                given.putAll(parsed.store());
                given.putAll(parsed.session());
            }
        } catch (SQLException e) {
            given.clear(); // a half-typed URL: describe the options with their defaults
        }
        return OPTIONS.stream()
                .map(option -> {
                    DriverPropertyInfo info = new DriverPropertyInfo(
                            option.name(), given.getOrDefault(option.name(), option.defaultValue()));
                    info.description = option.description();
                    info.required = false;
                    info.choices =
                            option.choices().isEmpty() ? null : option.choices().toArray(new String[0]);
                    return info;
                })
                .toArray(DriverPropertyInfo[]::new);
    }
}
