// Opens the terminal.
package org.mosslsm.shell;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.PosixSysTerminal;
import org.jline.terminal.impl.exec.ExecTerminalProvider;
import org.jline.terminal.spi.SystemStream;

/**
 * Opens the terminal. JLine finds its providers by files on the class path that name classes; those names change when the
 * jar is shaded, so the one provider that needs no native code is named here. Where it does not work (Windows), JLine's
 * plain terminal reads lines without editing.
 */
final class Terminals {
    private Terminals() {}

    /** Whether somebody sits at standard input and output. */
    // SystemConsoleNull: on JDK 22 and newer a console is there always; it is asked last, on Windows only.
    @SuppressWarnings("SystemConsoleNull")
    static boolean isInteractive() {
        ExecTerminalProvider provider = new ExecTerminalProvider();
        boolean terminal = provider.isSystemStream(SystemStream.Input) && provider.isSystemStream(SystemStream.Output);
        return terminal || (File.separatorChar == '\\' && System.console() != null);
    }

    static Terminal open() throws IOException {
        try {
            String type = System.getenv("TERM");
            return new PosixSysTerminal(
                    "mosslsm",
                    type == null ? "ansi" : type,
                    new ExecTerminalProvider().current(SystemStream.Output),
                    StandardCharsets.UTF_8,
                    true,
                    Terminal.SignalHandler.SIG_IGN);
        } catch (IOException | RuntimeException e) {
            // No stty here, or it refuses: the plain terminal works everywhere.
            return TerminalBuilder.builder()
                    .dumb(true)
                    .system(false)
                    .streams(System.in, System.out)
                    .build();
        }
    }
}
