package org.mosslsm.kv.lsm;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What crashes, failing disks and damage must not do to any store, for stores that keep values apart from their keys. */
class LargeValuesFaultTest {
    @Nested
    class Crashes extends CrashAtEveryOperationTest {
        @Override
        LsmOptions options() {
            return Ledger.LARGE_VALUES;
        }
    }

    @Nested
    @EnabledIfSystemProperty(
            named = "fault.stride",
            matches = "1") // minutes; the workload fails a part of all operations
    class Faults extends LsmFaultTest {
        @Override
        LsmOptions options() {
            return Ledger.LARGE_VALUES;
        }
    }

    @Nested
    class Workload extends FullWorkloadTest {
        @Override
        LsmOptions options() {
            return FullWorkload.options().largeValueBytes(70).build();
        }
    }

    @Nested
    class Damage extends LsmDamageTest {
        @Override
        LsmOptions.Builder options() {
            return super.options().largeValueBytes(150);
        }
    }

    @Nested
    @EnabledIfSystemProperty(
            named = "fault.stride",
            matches = "1") // minutes; the workload fails a part of all operations
    class FullDisk extends DiskFullTest {
        @Override
        LsmOptions options() {
            return Ledger.LARGE_VALUES;
        }
    }
}
