package org.mosslsm.it.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a benchmarked engine costs the disk. */
public final class Disk {
    private Disk() {}

    /**
     * Bytes that the files of a directory take: allocated blocks, as {@code du} counts them, so that neither holes nor
     * hard links count; where there is no {@code du}, the lengths of the files.
     */
    public static long used(Path directory) throws IOException {
        Process du;
        try {
            du = new ProcessBuilder("du", "-s", "-k", directory.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD) // of files that vanish meanwhile
                    .start();
        } catch (IOException e) {
            return lengths(directory); // no du here
        }
        String line = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String first = line.split("\\s", 2)[0];
        if (!first.matches("[0-9]+")) { // lengths count holes and hard links: no figure beside those of du
            throw new IOException("du gives no size of " + directory + ": " + line);
        }
        return Long.parseLong(first) << 10;
    }

    private static long lengths(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(f -> f.toFile().length())
                    .sum();
        }
    }

    /**
     * Bytes this process has caused to be written to the disk so far, mapped files included (pages dirtied, {@code
     * write_bytes} of {@code /proc/self/io}); -1 where the system does not say.
     */
    public static long written() {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/self/io"));
            for (String line : lines) {
                if (line.startsWith("write_bytes: ")) {
                    return Long.parseLong(
                            line.substring("write_bytes: ".length()).trim());
                }
            }
        } catch (IOException e) {
            // not Linux
        }
        return -1;
    }
}
