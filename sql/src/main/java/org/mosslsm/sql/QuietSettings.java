// Settings that mean nothing here.
package org.mosslsm.sql;

import java.util.Map;
import java.util.Optional;

/**
 * Settings of PostgreSQL that programs set and ask for, and that change nothing here: what is set is remembered, and what was
 * not is answered as PostgreSQL would that is as we are.
 */
final class QuietSettings {
    /** What may be set, with what holds where it is not. */
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("application_name", ""),
            Map.entry("bytea_output", "hex"),
            Map.entry("check_function_bodies", "on"),
            Map.entry("client_encoding", "UTF8"),
            Map.entry("client_min_messages", "notice"),
            Map.entry("constraint_exclusion", "partition"),
            Map.entry("datestyle", "ISO, MDY"),
            Map.entry("default_table_access_method", "heap"),
            Map.entry("default_tablespace", ""),
            Map.entry("default_with_oids", "off"),
            Map.entry("escape_string_warning", "on"),
            Map.entry("extra_float_digits", "1"),
            Map.entry("idle_in_transaction_session_timeout", "0"),
            Map.entry("idle_session_timeout", "0"),
            Map.entry("intervalstyle", "postgres"),
            Map.entry("jit", "off"),
            Map.entry("lc_messages", "C"),
            Map.entry("maintenance_work_mem", "64MB"),
            Map.entry("quote_all_identifiers", "off"),
            Map.entry("row_security", "on"),
            Map.entry("session_replication_role", "origin"),
            Map.entry("standard_conforming_strings", "on"),
            Map.entry("synchronize_seqscans", "on"),
            Map.entry("transaction_timeout", "0"),
            Map.entry("xmloption", "content"));

    /** What can only be asked for. */
    private static final Map<String, String> FIXED = Map.ofEntries(
            Map.entry("integer_datetimes", "on"),
            Map.entry("is_superuser", "on"),
            Map.entry("lc_collate", "C"),
            Map.entry("lc_ctype", "C.UTF-8"),
            Map.entry("max_identifier_length", "128"),
            Map.entry("server_encoding", "UTF8"),
            Map.entry("session_authorization", "owner"));

    private QuietSettings() {}

    /** Whether it can be set; the name in lower case. One with a dot is a program's own. */
    static boolean canBeSet(String name) {
        return DEFAULTS.containsKey(name) || isOwn(name);
    }

    /** Whether it is a program's own, which asks for what it set. */
    static boolean isOwn(String name) {
        return name.indexOf('.') > 0;
    }

    /** Its value where nothing was set. */
    static Optional<String> unset(String name) {
        return Optional.ofNullable(DEFAULTS.getOrDefault(name, FIXED.get(name)));
    }
}
