package org.mosslsm.kv.vfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells a full device from other failures of a write, and says so in one phrase whatever the platform said: Java has no type
 * for it, and the message may be in the language of the user.
 */
final class NoSpace {
    private static final String PHRASE = "No space left on device";

    private static final List<String> OTHER_PHRASES =
            List.of("No space left", "Disk quota exceeded", "There is not enough space on the disk");

    /** With less than this left a write of unknown size is taken to have failed for it. */
    private static final long NEXT_TO_NOTHING = 64 << 10;

    private NoSpace() {}

    /** The failure of a write of so many bytes, or one that says that the device of {@code path} is full. */
    static IOException explain(IOException failure, Path path, long bytes) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains(PHRASE)) {
            return failure;
        }
        boolean full =
                OTHER_PHRASES.stream().anyMatch(message::contains) || leftOn(path) < Math.max(bytes, NEXT_TO_NOTHING);
        return full ? new IOException(path + ": " + PHRASE + " (" + message + ")", failure) : failure;
    }

    private static long leftOn(Path path) {
        try {
            return Files.getFileStore(path.getParent()).getUsableSpace();
        } catch (IOException | RuntimeException e) {
            return Long.MAX_VALUE; // not known: then it is not the space
        }
    }
}
