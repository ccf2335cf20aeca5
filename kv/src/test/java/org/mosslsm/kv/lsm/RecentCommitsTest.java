package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Store.CommitStatus;

/** Of the commits that are kept the oldest go first, and of one commit the last word counts. */
class RecentCommitsTest {
    private static UUID id(long number) {
        return new UUID(number * 0x9E3779B97F4A7C15L, number);
    }

    @Test
    void theOldestAreForgottenAndTheLastWordCounts() {
        RecentCommits recent = new RecentCommits();
        assertEquals(CommitStatus.UNKNOWN, recent.get(id(0)));
        assertEquals(CommitStatus.UNKNOWN, recent.get(new UUID(0, 0)));
        int n = RecentCommits.CAPACITY + 10;
        for (int i = 0; i < n; i++) {
            recent.put(id(i), i % 2 == 0 ? CommitStatus.COMMITTED : CommitStatus.ABORTED);
        }
        assertEquals(CommitStatus.UNKNOWN, recent.get(id(9)));
        assertEquals(CommitStatus.COMMITTED, recent.get(id(10)));
        assertEquals(CommitStatus.ABORTED, recent.get(id(n - 1)));
        recent.put(id(n - 1), CommitStatus.UNKNOWN);
        assertEquals(CommitStatus.UNKNOWN, recent.get(id(n - 1)));
    }
}
