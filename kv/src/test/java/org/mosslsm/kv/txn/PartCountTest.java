package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PartCountTest {
    private final PartCount count = new PartCount();

    private void commit(long version, long delta) {
        count.committed(count.begin(), version, delta);
    }

    private void walk(long version, long found) {
        count.walkBegins();
        count.walkEnded(version, found);
    }

    @Test
    void nothingIsKnownBeforeAWalk() {
        commit(3, 1);
        assertEquals(PartCount.UNKNOWN, count.at(3));
    }

    @Test
    void commitsAreAddedToWhatAWalkFound() {
        commit(3, 1);
        walk(5, 10);
        commit(7, 2);
        commit(6, -1); // told later, though it was first
        assertEquals(PartCount.UNKNOWN, count.at(4));
        assertEquals(10, count.at(5));
        assertEquals(9, count.at(6));
        assertEquals(11, count.at(7));
    }

    @Test
    void whatWasCommittedDuringAWalkBehindItsVersionIsAdded() {
        count.walkBegins();
        commit(8, 5);
        commit(6, 1); // the walk saw it
        count.walkEnded(7, 100);
        assertEquals(105, count.at(8));
    }

    @Test
    void whatTheWalkSawIsNotAddedWhenToldLate() {
        long late = count.begin();
        walk(9, 50);
        count.committed(late, 8, 1);
        assertEquals(50, count.at(9));
    }

    @Test
    void oldDeltasAreSummedUpAndLateOnesFindTheirWay() {
        walk(0, 1_000);
        long late = count.begin();
        for (int version = 2; version <= 5_000; version++) {
            commit(version, 1);
        }
        count.committed(late, 1, 100);
        assertEquals(1_000 + 4_999 + 100, count.at(5_000));
        assertEquals(PartCount.UNKNOWN, count.at(1));
    }

    @Test
    void withoutAWalkOldDeltasAreForgottenAndTheNextWalkMustBeNewer() {
        for (int version = 1; version <= 5_000; version++) {
            commit(version, 1);
        }
        walk(10, 10);
        assertEquals(PartCount.UNKNOWN, count.at(10));
        walk(4_990, 4_990);
        assertEquals(5_000, count.at(5_000));
    }

    @Test
    void anUncountedChangeEndsWhatWasKnownBefore() {
        walk(1, 10);
        count.overturned(count.begin(), 5);
        commit(6, 1);
        assertEquals(PartCount.UNKNOWN, count.at(6));
        walk(4, 10);
        assertEquals(PartCount.UNKNOWN, count.at(6), "a walk before the change says nothing");
        walk(5, 77);
        assertEquals(78, count.at(6));
    }

    @Test
    void anUncountedChangeThatAWalkSawEndsNothing() {
        long late = count.begin();
        walk(9, 50);
        count.overturned(late, 8);
        assertEquals(50, count.at(9));
    }

    @Test
    void whileOthersWritePastNothingIsKnown() {
        walk(1, 10);
        count.held();
        assertEquals(PartCount.UNKNOWN, count.at(1));
        walk(3, 12);
        assertEquals(PartCount.UNKNOWN, count.at(3));
        count.released(5);
        walk(4, 12);
        assertEquals(PartCount.UNKNOWN, count.at(5), "a walk before the end says nothing");
        walk(5, 20);
        assertEquals(20, count.at(5));
    }

    @Test
    void anUnknownOutcomeEndsItForEver() {
        walk(1, 10);
        count.unknown(count.begin());
        walk(9, 10);
        commit(10, 1);
        assertEquals(PartCount.UNKNOWN, count.at(10));
    }

    @Test
    void aRefusedCommitAndAWalkGivenUpChangeNothing() {
        walk(1, 10);
        count.refused(count.begin());
        assertEquals(10, count.at(1));
        PartCount other = new PartCount();
        other.walkBegins();
        other.walkEnded(1, -1);
        assertEquals(PartCount.UNKNOWN, other.at(1));
    }

    @Test
    void aReaderWaitsForACommitInFlight() throws Exception {
        walk(1, 10);
        long flying = count.begin();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            CountDownLatch asked = new CountDownLatch(1);
            Future<Long> answer = thread.submit(() -> {
                asked.countDown();
                long found = count.at(2);
                while (found == PartCount.UNKNOWN) { // its patience is short, this thread may be slow
                    found = count.at(2);
                }
                return found;
            });
            asked.await();
            count.committed(flying, 2, 1);
            assertEquals(11, answer.get());
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void aCommitThatStaysInFlightMakesReadersWalk() {
        walk(1, 10);
        long flying = count.begin();
        assertEquals(PartCount.UNKNOWN, count.at(2));
        count.refused(flying);
        assertEquals(10, count.at(2));
    }
}
