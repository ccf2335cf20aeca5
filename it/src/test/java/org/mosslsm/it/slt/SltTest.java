package org.mosslsm.it.slt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.mosslsm.it.testkit.SharedData;

/** Files of SQLite's sqllogictest pass. */
class SltTest {
    @Test
    void select1PassesWhole() throws Exception {
        SltRunner.Outcome outcome = SltMain.run(SharedData.require("slt/select1.test"));
        assertEquals(List.of(), outcome.failures());
        assertEquals(1_031, outcome.passed());
    }

    @Test
    void allSharedFilesPassButForTheExceptions() throws Exception {
        assertTrue(SltMain.runAll(SharedData.require("slt")));
    }

    @Test
    @EnabledIfSystemProperty(named = "slt.dir", matches = ".+", disabledReason = "name files with -Dslt.dir=")
    void theFilesAskedForPass() throws Exception {
        Path root = Path.of(System.getProperty("mosslsm.root", "."));
        assertTrue(SltMain.runAll(root.resolve(System.getProperty("slt.dir"))));
    }
}
