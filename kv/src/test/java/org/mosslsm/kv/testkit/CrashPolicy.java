package org.mosslsm.kv.testkit;

/** What a power loss leaves of what was not synced: of the bytes of files and of the names in directories. */
public enum CrashPolicy {
    /** Nothing of it: the strictest disk that keeps its word. */
    DROPPED,
    /** All of it: as after the death of the process alone. */
    KEPT,
    /**
     * Some of it, at random: any of a file's writes, cut at sectors, later ones perhaps without earlier ones; of the
     * changes of names a first part.
     */
    TORN
}
