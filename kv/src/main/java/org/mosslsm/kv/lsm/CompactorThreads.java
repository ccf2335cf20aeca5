package org.mosslsm.kv.lsm;

import java.util.ArrayList;
import java.util.List;

/** The threads that compact, side by side. Thread-safe. */
final class CompactorThreads {
    /** How often they look for what became due with time, in milliseconds. */
    private static final long TICK_MILLIS = 1000;

    private final List<Background> threads = new ArrayList<>();

    /** So many threads, which all do {@code task} until there is nothing left; started by {@link #start}. */
    CompactorThreads(String name, int count, Background.Task task, Background.Failure failure) {
        for (int i = 0; i < count; i++) {
            // One of them keeps the time: what it finds and cannot do alone, it calls the others for.
            threads.add(new Background(
                    i == 0 ? name : name + "-" + i, () -> work(task), failure, i == 0 ? TICK_MILLIS : 0));
        }
    }

    private boolean work(Background.Task task) throws Exception {
        boolean done = task.run();
        if (done && threads.size() > 1) {
            signal(); // a compaction that ended may be what others waited for
        }
        return done;
    }

    void start() {
        threads.forEach(Background::start);
    }

    /** Says that there may be something to do. */
    void signal() {
        threads.forEach(Background::signal);
    }

    /** Lets the compactions under way end, or be called off, and waits for that. */
    void stop() {
        threads.forEach(Background::stop);
    }
}
