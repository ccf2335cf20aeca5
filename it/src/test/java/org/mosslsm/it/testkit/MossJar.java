package org.mosslsm.it.testkit;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The shaded jar that users get, as the tests of the whole see it. */
public final class MossJar {
    private MossJar() {}

    /** Where the driver was loaded from: the shaded jar under {@code mvn verify}, a classes folder under {@code test}. */
    public static Path location() {
        try {
            return Path.of(Class.forName("org.mosslsm.jdbc.MossDriver")
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether the tests run on the packaged jar. */
    public static boolean isPackaged() {
        return Files.isRegularFile(location());
    }

    /** Starts the shell: {@code java -jar mosslsm.jar arguments...}; output and error output in one stream. */
    public static ChildJvm shell(String... arguments) throws IOException {
        List<String> options = new ArrayList<>(List.of("-Xmx256m"));
        return ChildJvm.startJar(location(), options, List.of(arguments));
    }
}
