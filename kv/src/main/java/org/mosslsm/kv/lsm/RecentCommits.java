package org.mosslsm.kv.lsm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.mosslsm.kv.Store;

/** Remembers what became of the latest commits of this process, by their identity; the oldest are forgotten. Thread-safe. */
final class RecentCommits {
    /** Some seconds of commits at full speed, in about 1 MB. */
    private static final int CAPACITY = 8192;

    private final Map<UUID, Store.CommitStatus> statuses = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Store.CommitStatus> eldest) {
            return size() > CAPACITY;
        }
    };

    synchronized void put(UUID id, Store.CommitStatus status) {
        statuses.put(id, status);
    }

    synchronized Store.CommitStatus get(UUID id) {
        return statuses.getOrDefault(id, Store.CommitStatus.UNKNOWN);
    }
}
