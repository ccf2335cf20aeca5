package org.mosslsm.it.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real data and tests that no one here wrote: they stand beside the repository, not in it, because of their licences. */
public final class SharedData {
    private SharedData() {}

    /** The file or folder of that name; where it is missing the test is skipped and says so. */
    public static Path require(String name) {
        Path path = Path.of(System.getProperty("mosslsm.shared", "../../shared/data"), name)
                .toAbsolutePath()
                .normalize();
        if (!Files.exists(path)) {
            System.out.println("SKIPPED: " + path + " is missing (shared test data; not part of the repository)");
        }
        assumeTrue(Files.exists(path), () -> path + " is missing");
        return path;
    }
}
