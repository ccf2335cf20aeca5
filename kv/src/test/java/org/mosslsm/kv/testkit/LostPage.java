package org.mosslsm.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;

/** Does what needs a page of a mapped file that cannot be had. */
public final class LostPage {
    /** What meets the page. */
    public interface Meeting {
        /** Must not return. */
        void meet() throws Exception;
    }

    private LostPage() {}

    /**
     * Checks that it fails, by an exception of that class that says so. Where its code is compiled the virtual machine may tell by
     * an {@link InternalError} first: once for each access to the page, wherever the thread happens to be when it comes to it, in
     * the midst of who handles the exception too. So it is done in a thread that does nothing else.
     */
    public static void failsBy(Class<? extends Exception> type, Meeting meeting) throws InterruptedException {
        AtomicReference<Throwable> told = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                meeting.meet();
            } catch (Throwable t) {
                told.compareAndSet(null, t);
            }
        });
        thread.setUncaughtExceptionHandler((t, e) -> told.compareAndSet(null, e)); // told while it was handled
        thread.start();
        thread.join();
        Throwable failure = told.get();
        if (failure instanceof InternalError) {
            assertTrue(failure.getMessage().contains("unsafe memory access"), failure::toString);
        } else {
            assertInstanceOf(type, failure, "a lost page");
            assertTrue(failure.getMessage().contains("cannot be brought into memory"), failure::toString);
        }
    }
}
