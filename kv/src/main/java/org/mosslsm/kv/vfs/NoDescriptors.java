package org.mosslsm.kv.vfs;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * Tells a process that may open no more files from other failures to open one, and says so in one phrase whatever the platform
 * said: Java has no type for it, and the message may be in the language of the user.
 */
final class NoDescriptors {
    private static final String PHRASE = "Too many open files";

    /** What every process may open. Where there is none, on Windows, descriptors do not run out. */
    private static final Path ALWAYS_THERE = Path.of("/dev/null");

    private NoDescriptors() {}

    /**
     * The failure to open something, or one that says that the process has no descriptor left for it: {@code noneLeft} is
     * asked where the failure has no other reason.
     */
    static IOException explain(IOException failure, BooleanSupplier noneLeft) {
        boolean told = says(failure)
                || failure instanceof NoSuchFileException
                || failure instanceof FileAlreadyExistsException;
        return told || !noneLeft.getAsBoolean()
                ? failure
                : new IOException(PHRASE + " (" + failure.getMessage() + ")", failure);
    }

    /** Whether a failure to open something says so by itself. */
    static boolean says(IOException failure) {
        return String.valueOf(failure.getMessage()).contains(PHRASE);
    }

    /** Whether nothing can be opened now. */
    static boolean noneLeft() {
        if (!Files.exists(ALWAYS_THERE)) {
            return false;
        }
        try {
            new FileInputStream(ALWAYS_THERE.toFile()).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
