package org.mosslsm.kv.lsm.compact;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who waits for the rate limit sleeps, and learns of an interrupt afterwards. */
class RateLimitTest {
    @Test
    void interruptedThreadWaitsWithoutSpinning() {
        AtomicLong looks = new AtomicLong();
        RateLimit limit = new RateLimit(100_000, () -> {
            looks.incrementAndGet();
            return false;
        });
        limit.acquire(10_000);
        Thread.currentThread().interrupt();
        limit.acquire(1); // due when the first is paid for: after a tenth of a second
        assertTrue(Thread.interrupted(), "the interrupt is for the caller");
        assertTrue(looks.get() < 1000, () -> looks + " looks at the clock in a tenth of a second");
    }
}
