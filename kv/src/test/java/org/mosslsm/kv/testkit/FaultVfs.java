package org.mosslsm.kv.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.mosslsm.kv.vfs.RandomFile;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * A disk that fails when it is told to, counts what is asked of it, and lets a test look after every operation.
 *
 * <p>Thread-safe; a directory and its children share rules, counts and the observer.
 */
public final class FaultVfs implements Vfs {
    /** What can be asked of a disk. */
    public enum Op {
        CREATE,
        REUSE,
        APPEND,
        TRUNCATE,
        SYNC,
        PREALLOCATE,
        OPEN,
        READ,
        SIZE,
        CLOSE,
        LIST,
        DELETE,
        RENAME,
        LINK,
        EXISTS,
        SYNC_DIR,
        OPEN_DIRECTORY,
        /** As {@code SYNC_DIR}, of a directory that was opened for it before. */
        SYNC_OPEN_DIRECTORY,
        LOCK,
        CREATE_DIRECTORY
    }

    /** Operations that change the disk. */
    public static final Set<Op> CHANGES = EnumSet.of(
            Op.CREATE,
            Op.REUSE,
            Op.APPEND,
            Op.TRUNCATE,
            Op.SYNC,
            Op.PREALLOCATE,
            Op.DELETE,
            Op.RENAME,
            Op.LINK,
            Op.SYNC_DIR,
            Op.SYNC_OPEN_DIRECTORY,
            Op.CREATE_DIRECTORY);

    /** How an operation fails. */
    public enum Fault {
        /** Nothing is done; the error is an IOException. */
        IO_ERROR,
        /** Nothing is done, because the device is full. */
        NO_SPACE,
        /** An append writes half of its bytes before it fails; other operations fail as with IO_ERROR. */
        SHORT_WRITE,
        /** An append writes half of its bytes before the device is full; other operations fail as with NO_SPACE. */
        FULL_HALFWAY,
        /** Nothing is done, because the process may open no more files; what needs no opening does not fail. */
        NO_DESCRIPTOR
    }

    /** Operations that open something, or like {@code SYNC_DIR} begin with that. */
    public static final Set<Op> OPENINGS =
            EnumSet.of(Op.CREATE, Op.REUSE, Op.OPEN, Op.LIST, Op.OPEN_DIRECTORY, Op.SYNC_DIR);

    /** When to fail. */
    private static final class Rule {
        final Set<Op> ops;
        final Pattern names;
        final int nth;
        final int last;
        final Fault fault;
        /** The threads whose operations fail. */
        final Predicate<Thread> whose;

        final AtomicInteger seen = new AtomicInteger();

        Rule(Set<Op> ops, String names, int nth, int last, Fault fault, Predicate<Thread> whose) {
            this.ops = ops;
            this.names = Pattern.compile(names);
            this.nth = nth;
            this.last = last;
            this.fault = fault;
            this.whose = whose;
        }

        boolean strikes(Op op, String name) {
            if (!whose.test(Thread.currentThread())
                    || !ops.contains(op)
                    || !names.matcher(name).matches()) {
                return false;
            }
            int now = seen.incrementAndGet();
            return now >= nth && now <= last;
        }
    }

    /** Called after every operation that succeeded, or before each that fails. */
    public interface Observer {
        /** Told what was done to which file; an empty name means the directory. */
        void after(Op op, String name);
    }

    /** What a directory shares with its children. */
    private static final class Shared {
        final List<Rule> rules = new CopyOnWriteArrayList<>();
        final Map<String, Long> badSectors = new ConcurrentHashMap<>();
        final Map<Op, AtomicInteger> counts = new EnumMap<>(Op.class);
        final AtomicInteger struck = new AtomicInteger();
        volatile Observer observer = (op, name) -> {};
        volatile Observer struckObserver = (op, name) -> {};

        Shared() {
            for (Op op : Op.values()) {
                counts.put(op, new AtomicInteger());
            }
        }
    }

    private final Vfs inner;
    private final Shared shared;

    /** Wraps a disk; nothing fails yet. */
    public FaultVfs(Vfs inner) {
        this(inner, new Shared());
    }

    private FaultVfs(Vfs inner, Shared shared) {
        this.inner = inner;
        this.shared = shared;
    }

    /** Lets the {@code nth} (from 1, from now on) of the operations on files whose name matches fail, once. */
    public FaultVfs fail(Set<Op> ops, String namePattern, int nth, Fault fault) {
        shared.rules.add(new Rule(EnumSet.copyOf(ops), namePattern, nth, nth, fault, FaultVfs::everybody));
        return this;
    }

    /** As {@link #fail}, counting and failing operations of the calling thread alone: not those in the background. */
    public FaultVfs failHere(Set<Op> ops, String namePattern, int nth, Fault fault) {
        Thread here = Thread.currentThread();
        shared.rules.add(new Rule(EnumSet.copyOf(ops), namePattern, nth, nth, fault, thread -> thread == here));
        return this;
    }

    /** As {@link #fail}, counting and failing operations of the store's own threads alone: flushes and compactions. */
    public FaultVfs failInBackground(Set<Op> ops, String namePattern, int nth, int times, Fault fault) {
        shared.rules.add(
                new Rule(EnumSet.copyOf(ops), namePattern, nth, nth + times - 1, fault, FaultVfs::isBackground));
        return this;
    }

    private static boolean everybody(Thread thread) {
        return true;
    }

    private static boolean isBackground(Thread thread) {
        return thread.getName().startsWith("mosslsm-");
    }

    /** As {@link #fail}, and those after it, so many in all: a disk that recovers. */
    public FaultVfs fail(Set<Op> ops, String namePattern, int nth, int times, Fault fault) {
        shared.rules.add(new Rule(EnumSet.copyOf(ops), namePattern, nth, nth + times - 1, fault, FaultVfs::everybody));
        return this;
    }

    /** As {@link #fail}, and all of them after it: a disk that does not recover. */
    public FaultVfs failFrom(Set<Op> ops, String namePattern, int nth, Fault fault) {
        shared.rules.add(
                new Rule(EnumSet.copyOf(ops), namePattern, nth, Integer.MAX_VALUE, fault, FaultVfs::everybody));
        return this;
    }

    /** Lets no read of that byte of a file succeed: a sector that the disk cannot read any more. */
    public FaultVfs badSector(String name, long position) {
        shared.badSectors.put(name, position);
        return this;
    }

    /** Lets nothing fail any more. */
    public void heal() {
        shared.badSectors.clear();
        shared.rules.clear();
    }

    /** How many operations have failed. */
    public int struck() {
        return shared.struck.get();
    }

    /** How many operations of that kind were asked for, the failed ones included. */
    public int count(Op op) {
        return shared.counts.get(op).get();
    }

    /** How many operations of those kinds were asked for. */
    public int count(Set<Op> ops) {
        return ops.stream().mapToInt(this::count).sum();
    }

    /** Calls the observer after each operation from now on. */
    public void observe(Observer observer) {
        shared.observer = observer;
    }

    /** Calls the observer before each operation that a rule lets fail, from now on. */
    public void observeStrikes(Observer observer) {
        shared.struckObserver = observer;
    }

    /**
     * From now on, until it is observed otherwise: what a crash after each change leaves of the disk under this one, as
     * every policy has it.
     */
    public List<MemVfs> collectCrashes(MemVfs disk) {
        List<MemVfs> crashes = new ArrayList<>();
        observe((op, name) -> {
            if (CHANGES.contains(op)) {
                synchronized (crashes) {
                    for (CrashPolicy policy : CrashPolicy.values()) {
                        crashes.add(disk.crashClone(crashes.size(), policy));
                    }
                }
            }
        });
        return crashes;
    }

    private interface Action<T> {
        T run() throws IOException;
    }

    private interface Step {
        void run() throws IOException;
    }

    private <T> T run(Op op, String name, Action<T> action) throws IOException {
        Fault fault = strike(op, name);
        if (fault != null) {
            throw error(fault, op, name);
        }
        T result = action.run();
        shared.observer.after(op, name);
        return result;
    }

    private void step(Op op, String name, Step step) throws IOException {
        run(op, name, () -> {
            step.run();
            return name;
        });
    }

    private Fault strike(Op op, String name) {
        shared.counts.get(op).incrementAndGet();
        Fault fault = null;
        for (Rule rule : shared.rules) {
            boolean harmless = rule.fault == Fault.NO_DESCRIPTOR && !OPENINGS.contains(op);
            if (!harmless && rule.strikes(op, name)) {
                fault = rule.fault;
            }
        }
        if (fault != null) {
            shared.struck.incrementAndGet();
            shared.struckObserver.after(op, name);
        }
        return fault;
    }

    private static IOException error(Fault fault, Op op, String name) {
        boolean full = fault == Fault.NO_SPACE || fault == Fault.FULL_HALFWAY;
        String said = full
                ? "No space left on device"
                : fault == Fault.NO_DESCRIPTOR ? "Too many open files" : "injected failure of " + op;
        return new IOException(name + ": " + said);
    }

    // Vfs

    @Override
    public WritableFile create(String name) throws IOException {
        return run(Op.CREATE, name, () -> new Writer(name, inner.create(name)));
    }

    @Override
    public WritableFile reuse(String old, String name) throws IOException {
        return run(Op.REUSE, name, () -> new Writer(name, inner.reuse(old, name)));
    }

    @Override
    public WritableFile extend(String name, long size) throws IOException {
        return run(Op.OPEN, name, () -> new Writer(name, inner.extend(name, size)));
    }

    @Override
    public RandomFile openRead(String name) throws IOException {
        return run(Op.OPEN, name, () -> new Reader(name, inner.openRead(name)));
    }

    @Override
    public List<String> list() throws IOException {
        return run(Op.LIST, "", inner::list);
    }

    @Override
    public void delete(String name) throws IOException {
        step(Op.DELETE, name, () -> inner.delete(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        step(Op.RENAME, to, () -> inner.rename(from, to));
    }

    @Override
    public void link(String from, Vfs target, String to) throws IOException {
        step(Op.LINK, to, () -> inner.link(from, ((FaultVfs) target).inner, to));
    }

    @Override
    public boolean exists(String name) throws IOException {
        return run(Op.EXISTS, name, () -> inner.exists(name));
    }

    @Override
    public void syncDir() throws IOException {
        step(Op.SYNC_DIR, "", inner::syncDir);
    }

    @Override
    public DirectorySync openToSync() throws IOException {
        DirectorySync open = run(Op.OPEN_DIRECTORY, "", inner::openToSync);
        return new DirectorySync() {
            @Override
            public void sync() throws IOException {
                step(Op.SYNC_OPEN_DIRECTORY, "", open::sync);
            }

            @Override
            public void close() throws IOException {
                open.close();
            }
        };
    }

    @Override
    public Closeable lock() throws IOException {
        return run(Op.LOCK, "", inner::lock);
    }

    @Override
    public Vfs child(String path) {
        return new FaultVfs(inner.child(path), shared);
    }

    @Override
    public boolean directoryExists() throws IOException {
        return inner.directoryExists();
    }

    @Override
    public void createDirectory() throws IOException {
        step(Op.CREATE_DIRECTORY, "", inner::createDirectory);
    }

    @Override
    public void moveDirectory(Vfs target) throws IOException {
        step(Op.RENAME, "", () -> inner.moveDirectory(((FaultVfs) target).inner));
    }

    @Override
    public String path() {
        return inner.path();
    }

    @Override
    public String toString() {
        return "failing " + inner;
    }

    private final class Writer implements WritableFile {
        private final String name;
        private final WritableFile file;

        Writer(String name, WritableFile file) {
            this.name = name;
            this.file = file;
        }

        @Override
        public void append(byte[] bytes, int offset, int length) throws IOException {
            Fault fault = strike(Op.APPEND, name);
            if (fault != null) {
                if (fault == Fault.SHORT_WRITE || fault == Fault.FULL_HALFWAY) {
                    file.append(bytes, offset, length / 2);
                }
                throw error(fault, Op.APPEND, name);
            }
            file.append(bytes, offset, length);
            shared.observer.after(Op.APPEND, name);
        }

        @Override
        public void truncate(long size) throws IOException {
            step(Op.TRUNCATE, name, () -> file.truncate(size));
        }

        @Override
        public void sync() throws IOException {
            step(Op.SYNC, name, file::sync);
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void preallocate(long bytes) throws IOException {
            step(Op.PREALLOCATE, name, () -> file.preallocate(bytes));
        }

        /** A close that fails has closed nevertheless, as with the operating system. */
        @Override
        public void close() throws IOException {
            file.close();
            step(Op.CLOSE, name, () -> {});
        }
    }

    private final class Reader implements RandomFile {
        private final String name;
        private final RandomFile file;

        Reader(String name, RandomFile file) {
            this.name = name;
            this.file = file;
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) throws IOException {
            long bad = shared.badSectors.getOrDefault(name, -1L);
            if (bad >= position && bad < position + length) {
                shared.struck.incrementAndGet();
                throw new IOException(name + ": Input/output error");
            }
            return run(Op.READ, name, () -> file.read(position, into, offset, length));
        }

        @Override
        public long size() throws IOException {
            return run(Op.SIZE, name, file::size);
        }

        @Override
        public void close() throws IOException {
            file.close();
            step(Op.CLOSE, name, () -> {});
        }
    }
}
