package org.mosslsm.kv.vfs;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * How many files may be open for reading at once: a store has as many tables as it likes, a process only so many descriptors.
 *
 * <pre>
 * a file is opened     beyond the limit: those that were not read since they were last looked at are parked, oldest first
 * a parked file        is opened again by the next read; {@link OsRandomFile}
 * no descriptor left   half of the files are parked, and what wanted one tries once more; so after any failure to open
 * </pre>
 *
 * The limit is a quarter of what the process may have, so that the rest is for the application.
 *
 * <p>Invariants: (1) {@code open} holds the files that have a channel, and perhaps some that just lost theirs. (2) No
 * file's monitor is taken while the monitor of this is held: whoever is told of files to park does so afterwards.
 *
 * <p>Thread-safe.
 */
final class OpenFiles {
    /** Of all stores of the process. */
    static final OpenFiles OF_PROCESS = new OpenFiles(OpenFiles::quarterOfProcess);

    private static final int LEAST = 64;
    private static final int MOST = 4096;
    private static final int UNKNOWN = 256;

    /** Opens something. */
    interface Opening<T> {
        T open() throws IOException;
    }

    private final IntSupplier wanted;
    private int limit = LEAST;
    private boolean limitKnown;
    private final LinkedHashSet<OsRandomFile> open = new LinkedHashSet<>();

    /** With that limit, asked for when more than {@link #LEAST} files are open, or than {@code wanted} where that is less. */
    OpenFiles(IntSupplier wanted) {
        this.wanted = wanted;
    }

    /** With that limit. */
    OpenFiles(int limit) {
        this(() -> limit);
        this.limit = limit;
        this.limitKnown = true;
    }

    /** A file has a channel now; returns the files to park for it. */
    synchronized List<OsRandomFile> opened(OsRandomFile file) {
        open.add(file);
        if (open.size() > limit && !limitKnown) {
            limit = wanted.getAsInt();
            limitKnown = true;
        }
        return open.size() <= limit ? List.of() : oldest(open.size() - limit);
    }

    /** A file is closed for good. */
    synchronized void closed(OsRandomFile file) {
        open.remove(file);
    }

    /** Files with a channel. */
    synchronized int count() {
        return open.size();
    }

    /** Opens something; where that fails, for want of a descriptor perhaps, once more after files were parked. */
    <T> T withRoom(Opening<T> opening) throws IOException {
        try {
            return opening.open();
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            throw e;
        } catch (IOException e) { // Java has no type for it, and the message may be in the language of the user
            List<OsRandomFile> files = half();
            if (files.isEmpty()) {
                throw e;
            }
            park(files);
            return opening.open();
        }
    }

    private synchronized List<OsRandomFile> half() {
        return oldest(open.size() / 2);
    }

    /** Takes out so many; those that were read since the last time get a second chance. */
    private List<OsRandomFile> oldest(int count) {
        List<OsRandomFile> chosen = new ArrayList<>();
        List<OsRandomFile> again = new ArrayList<>();
        Iterator<OsRandomFile> files = open.iterator();
        while (chosen.size() < count && files.hasNext()) {
            OsRandomFile file = files.next();
            files.remove();
            (file.wasRead() ? again : chosen).add(file);
        }
        while (chosen.size() < count) { // all were read
            chosen.add(again.remove(0));
        }
        open.addAll(again);
        return chosen;
    }

    /** Parks the files; holding no monitor. */
    static void park(List<OsRandomFile> files) {
        files.forEach(OsRandomFile::park);
    }

    private static int quarterOfProcess() {
        Path limits = Path.of("/proc/self/limits");
        try {
            for (String line : Files.readAllLines(limits)) {
                if (line.startsWith("Max open files")) {
                    String soft =
                            line.substring("Max open files".length()).strip().split(" ", 2)[0];
                    return soft.equals("unlimited")
                            ? MOST
                            : (int) Math.max(LEAST, Math.min(MOST, Long.parseLong(soft) / 4));
                }
            }
        } catch (IOException | NumberFormatException e) {
            return UNKNOWN;
        }
        return UNKNOWN;
    }
}
