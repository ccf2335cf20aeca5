package org.mosslsm.kv.txn;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How many entries one part of the keyspace holds, at recent versions: a walk counts them once, and commits say what they
 * add and take away.
 *
 * <pre>
 * versions   ...   walked   ...   floor  |  v1    v2    v3
 * deltas             summed up in base   |  +1    -3    +1          count at v2 = base + 1 - 3
 * </pre>
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Every commit that changed the number of entries at a version above {@code floor}, and that is not in flight, is in
 *       {@code versions}, ascending.
 *   <li>While {@code known}: {@code base} is what a walk counted at version {@code walked}, and all that was recorded of
 *       the versions above it, up to {@code floor}. So what is recorded late, of a version between the two, goes into
 *       {@code base}, and what was visible to the walk is dropped.
 *   <li>A commit is in flight from before the store sees it until its delta is here. So whoever waits for those in flight
 *       knows of every commit that its snapshot, taken before, shows.
 *   <li>{@code lost} is for ever: a commit of unknown outcome may or may not count.
 * </ol>
 *
 * <p>Thread-safe: everything is guarded by the object's monitor, which is held for moments, waiting excepted.
 */
final class PartCount {
    /** No answer: count by a walk. */
    static final long UNKNOWN = -1;

    /** Deltas kept: snapshots older than so many commits have to walk. */
    private static final int KEPT = 1024;

    /** Deltas kept while a walk goes on, to be added to what it counts; 1 MB. Beyond, the walk is not remembered. */
    private static final int KEPT_FOR_WALK = 65_536;

    /** The longest wait for a commit in flight, in milliseconds; then a walk is as good. */
    private static final long PATIENCE_MILLIS = 20;

    private boolean known;
    private boolean lost;
    private long base;
    private long walked;
    private long floor;
    private long[] versions = new long[8];
    private long[] deltas = new long[8];
    private int size;
    private int walks;

    /** Who writes past the transactions now, so that no number holds. */
    private int holds;

    private long lastTicket;
    private long[] inFlight = new long[4];
    private int flying;
    private int waiting;

    // Commits

    /** A commit that changes the part is about to reach the store; one of the three methods below must follow. */
    synchronized long begin() {
        if (flying == inFlight.length) {
            inFlight = Arrays.copyOf(inFlight, 2 * flying);
        }
        inFlight[flying++] = ++lastTicket;
        return lastTicket;
    }

    /** It was refused: nothing happened. */
    synchronized void refused(long ticket) {
        land(ticket);
    }

    /** It is not known whether it took effect. */
    synchronized void unknown(long ticket) {
        lost = true;
        known = false;
        size = 0;
        land(ticket);
    }

    /** It took effect at {@code version}, with so many entries more. */
    synchronized void committed(long ticket, long version, long delta) {
        if (version > floor) {
            if (!lost) {
                insert(version, delta);
            }
        } else {
            below(version, delta);
        }
        land(ticket);
    }

    /** It took effect at {@code version}; how many entries it added or took away nobody counted. */
    synchronized void overturned(long ticket, long version) {
        overturn(version);
        land(ticket);
    }

    private void overturn(long version) {
        if (known && walked < version) {
            known = false;
        }
        if (floor < version) {
            drop(upTo(version));
            floor = version;
        }
    }

    /** Until {@link #released} entries may come and go that nobody tells of. */
    synchronized void held() {
        holds++;
        known = false;
    }

    /** What came and went so is what {@code version} shows. */
    synchronized void released(long version) {
        holds--;
        overturn(version);
    }

    private void land(long ticket) {
        for (int i = 0; i < flying; i++) {
            if (inFlight[i] == ticket) {
                inFlight[i] = inFlight[--flying];
                break;
            }
        }
        if (waiting > 0) {
            notifyAll();
        }
    }

    private void insert(long version, long delta) {
        if (size >= (walks > 0 ? KEPT_FOR_WALK : KEPT)) {
            fold(size - KEPT / 2);
        }
        if (version <= floor) {
            below(version, delta);
            return;
        }
        if (size == versions.length) {
            versions = Arrays.copyOf(versions, 2 * size);
            deltas = Arrays.copyOf(deltas, 2 * size);
        }
        int at = upTo(version);
        System.arraycopy(versions, at, versions, at + 1, size - at);
        System.arraycopy(deltas, at, deltas, at + 1, size - at);
        versions[at] = version;
        deltas[at] = delta;
        size++;
    }

    /** A version that is summed up already, or forgotten. */
    private void below(long version, long delta) {
        if (known && version > walked) {
            base += delta;
        }
    }

    /** Sums up the oldest {@code n} deltas, or forgets them where there is nothing to add them to. */
    private void fold(int n) {
        for (int i = 0; known && i < n; i++) {
            base += deltas[i];
        }
        floor = versions[n - 1];
        drop(n);
    }

    private void drop(int n) {
        System.arraycopy(versions, n, versions, 0, size - n);
        System.arraycopy(deltas, n, deltas, 0, size - n);
        size -= n;
    }

    /** How many of the versions kept are at most {@code version}. */
    private int upTo(long version) {
        int n = size;
        while (n > 0 && versions[n - 1] > version) {
            n--;
        }
        return n;
    }

    // Readers

    /** Number of entries that a snapshot of {@code version}, taken before, sees; or {@link #UNKNOWN}. */
    synchronized long at(long version) {
        if (!known || version < floor || !waitForFlying()) {
            return UNKNOWN;
        }
        if (!known || version < floor) { // while waiting
            return UNKNOWN;
        }
        long count = base;
        for (int i = 0; i < size && versions[i] <= version; i++) {
            count += deltas[i];
        }
        return count;
    }

    /** Waits for the commits in flight now; false when that takes too long. */
    private boolean waitForFlying() {
        long newest = lastTicket;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (anyFlying(newest)) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            waiting++;
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                waiting--;
            }
        }
        return true;
    }

    private boolean anyFlying(long newest) {
        for (int i = 0; i < flying; i++) {
            if (inFlight[i] <= newest) {
                return true;
            }
        }
        return false;
    }

    /** A walk at some version begins: what is recorded meanwhile is kept. {@link #walkEnded} must follow. */
    synchronized void walkBegins() {
        walks++;
    }

    /** A walk at {@code version} counted so many entries; negative when it was given up. */
    synchronized void walkEnded(long version, long count) {
        walks--;
        if (count >= 0 && !known && !lost && holds == 0 && version >= floor) {
            drop(upTo(version));
            known = true;
            base = count;
            walked = version;
            floor = version;
        }
    }
}
