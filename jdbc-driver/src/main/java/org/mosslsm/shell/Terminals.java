// Opens the terminal.
package org.mosslsm.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.exec.ExecTerminalProvider;
import org.jline.terminal.spi.SystemStream;

/**
 * Opens the terminal. JLine finds its providers by files on the class path that name classes; those names change when the
 * jar is shaded, so the one provider that needs no native code is named here. Where it does not work (Windows), JLine's
 * plain terminal reads lines without editing.
 */
final class Terminals {
    private Terminals() {}

    static Terminal open() throws IOException {
        ExecTerminalProvider provider = new ExecTerminalProvider();
        if (provider.isSystemStream(SystemStream.Input) && provider.isSystemStream(SystemStream.Output)) {
            String type = System.getenv("TERM");
            try {
                return provider.sysTerminal(
                        "mosslsm",
                        type == null ? "ansi" : type,
                        false,
                        StandardCharsets.UTF_8,
                        StandardCharsets.UTF_8,
                        StandardCharsets.UTF_8,
                        StandardCharsets.UTF_8,
                        true,
                        Terminal.SignalHandler.SIG_IGN,
                        false,
                        SystemStream.Output);
            } catch (IOException | RuntimeException e) {
                // No stty here, or it refuses: the plain terminal below works everywhere.
            }
        }
        return TerminalBuilder.builder()
                .dumb(true)
                .system(false)
                .streams(System.in, System.out)
                .build();
    }
}
