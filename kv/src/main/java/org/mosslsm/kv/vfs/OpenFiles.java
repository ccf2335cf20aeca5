package org.mosslsm.kv.vfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * How many files may be open at once, for reading, or as temporary files of statements: a store has as many tables as it likes, a
 * process only so many descriptors.
 *
 * <pre>
 * a file is opened     beyond the limit: those that were not used since they were last looked at are parked, oldest first
 * a parked file        is opened again by the next use; {@link OsRandomFile}, {@link OsUnsyncedFile}
 * no descriptor left   half of the files are parked, and what wanted one tries once more; {@link NoDescriptors}
 * </pre>
 *
 * The limit is a quarter of what the process may have, so that the rest is for the application. Files being written, a
 * directory's lock and what is opened for a moment do not count: they cannot be parked, and there are few of them, of a store
 * its log, its manifest, one or two for each flush, merge, load and large transaction under way.
 *
 * <p>Invariants: (1) {@code open} holds the files that have a descriptor, and perhaps some that just lost theirs. (2) No
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

    /** The limit cannot be told, for want of a descriptor perhaps. */
    static final int NOT_NOW = -1;

    /** A file that can do without a descriptor until it is used. */
    interface Parkable {
        /** Gives the descriptor back until the next use. */
        void park();

        /** Whether it was used since the last time this was asked. */
        boolean wasUsed();
    }

    /** Opens something. */
    interface Opening<T> {
        T open() throws IOException;
    }

    private final IntSupplier wanted;
    private final BooleanSupplier noneLeft;
    private int limit = LEAST;
    private boolean limitKnown;
    private final LinkedHashSet<Parkable> open = new LinkedHashSet<>();

    /** With that limit, asked for when more than {@link #LEAST} files are open; {@link #NOT_NOW} is asked for again. */
    OpenFiles(IntSupplier wanted) {
        this(wanted, NoDescriptors::noneLeft);
    }

    private OpenFiles(IntSupplier wanted, BooleanSupplier noneLeft) {
        this.wanted = wanted;
        this.noneLeft = noneLeft;
    }

    /** With that limit. */
    OpenFiles(int limit) {
        this(limit, NoDescriptors::noneLeft);
    }

    /** With that limit, and a process that has descriptors left or not. */
    OpenFiles(int limit, BooleanSupplier noneLeft) {
        this(() -> limit, noneLeft);
        this.limit = limit;
        this.limitKnown = true;
    }

    /** A file has a descriptor now; returns the files to park for it. */
    synchronized List<Parkable> opened(Parkable file) {
        open.add(file);
        if (open.size() > limit && !limitKnown) {
            int answer = wanted.getAsInt();
            limitKnown = answer != NOT_NOW;
            limit = limitKnown ? answer : limit;
        }
        return open.size() <= limit ? List.of() : oldest(open.size() - limit);
    }

    /** A file is closed for good. */
    synchronized void closed(Parkable file) {
        open.remove(file);
    }

    /** Files with a descriptor. */
    synchronized int count() {
        return open.size();
    }

    /**
     * Opens something; where that fails for want of a descriptor, once more after files were parked.
     *
     * @throws IOException which says in one phrase, the one {@link org.mosslsm.kv.KvIoException} knows, that there is none
     */
    <T> T withRoom(Opening<T> opening) throws IOException {
        try {
            return opening.open();
        } catch (IOException e) {
            IOException why = NoDescriptors.explain(e, noneLeft);
            List<Parkable> files = NoDescriptors.says(why) ? half() : List.of();
            if (files.isEmpty()) {
                throw why;
            }
            park(files);
        }
        try {
            return opening.open();
        } catch (IOException e) {
            throw NoDescriptors.explain(e, noneLeft);
        }
    }

    private synchronized List<Parkable> half() {
        return oldest(open.size() / 2);
    }

    /** Takes out so many; those that were used since the last time get a second chance. */
    private List<Parkable> oldest(int count) {
        List<Parkable> chosen = new ArrayList<>();
        List<Parkable> again = new ArrayList<>();
        Iterator<Parkable> files = open.iterator();
        while (chosen.size() < count && files.hasNext()) {
            Parkable file = files.next();
            files.remove();
            (file.wasUsed() ? again : chosen).add(file);
        }
        while (chosen.size() < count) { // all were used
            chosen.add(again.remove(0));
        }
        open.addAll(again);
        return chosen;
    }

    /** Parks the files; holding no monitor. */
    static void park(List<Parkable> files) {
        files.forEach(Parkable::park);
    }

    private static int quarterOfProcess() {
        Path limits = Path.of("/proc/self/limits");
        if (!Files.exists(limits)) {
            return UNKNOWN;
        }
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
        } catch (IOException e) {
            return NOT_NOW;
        } catch (NumberFormatException e) {
            return UNKNOWN;
        }
        return UNKNOWN;
    }
}
