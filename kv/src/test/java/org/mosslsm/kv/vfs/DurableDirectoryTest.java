package org.mosslsm.kv.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose names are synced when a directory is made, or was just made by somebody else. */
class DurableDirectoryTest {
    @TempDir
    Path directory;

    private final List<Path> synced = new ArrayList<>();
    private IOException refusal;

    private void make(String name) throws IOException {
        new DurableDirectory(this::sync).make(directory.resolve(name));
    }

    private void sync(Path path) throws IOException {
        if (refusal != null) {
            throw refusal;
        }
        synced.add(directory.relativize(path));
    }

    private static List<Path> paths(String... names) {
        return List.of(names).stream().map(Path::of).toList();
    }

    @Test
    void whatIsMadeHasItsNameSynced() throws IOException {
        Files.createFile(directory.resolve("other"));
        make("a/b");
        assertTrue(Files.isDirectory(directory.resolve("a/b")));
        assertEquals(paths("", "a"), synced);
        assertThrows(NoSuchFileException.class, () -> make("x/y/z"));
    }

    @Test
    void soHasWhatIsThereButEmpty() throws IOException {
        Files.createDirectories(directory.resolve("a/b"));
        make("a/b");
        assertEquals(paths("a"), synced);
    }

    @Test
    void soHasAnEmptyParent() throws IOException {
        Files.createDirectory(directory.resolve("a"));
        make("a/b");
        assertEquals(paths("", "a"), synced);
    }

    @Test
    void whatIsInUseIsLeftAlone() throws IOException {
        Files.createDirectories(directory.resolve("a/b/c"));
        make("a/b");
        assertEquals(paths(), synced);
    }

    @Test
    void whoMayNotReadTheParentDidNotMakeIt() throws IOException {
        Files.createDirectories(directory.resolve("a"));
        refusal = new AccessDeniedException("no");
        make("a");
        assertThrows(AccessDeniedException.class, () -> make("b"), "it made that one");
        refusal = new IOException("disk");
        assertThrows(IOException.class, () -> make("a"));
    }
}
