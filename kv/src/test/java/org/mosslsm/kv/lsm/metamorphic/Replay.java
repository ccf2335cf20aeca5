package org.mosslsm.kv.lsm.metamorphic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.UUID;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.ExternalTables;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.testkit.StoreModel;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.tool.VerifyReport;

/**
 * Runs a list of operations on a store with one set of options, and compares all it says with the model. The history it
 * returns has no version numbers and nothing that options may change.
 */
final class Replay implements AutoCloseable {
    private final LsmOptions options;
    private final StoreModel model = new StoreModel();
    private final Map<Integer, Snapshot> slots = new HashMap<>();
    private final List<String> history = new ArrayList<>();
    private MemVfs disk = new MemVfs();
    private Lsm store;
    private int copies;

    private Replay(LsmOptions options) {
        this.options = options;
        this.store = Lsm.open(disk, options);
    }

    /** The history of the list; an error says which operation it was. */
    static List<String> run(List<Op> ops, LsmOptions options) {
        try (Replay replay = new Replay(options)) {
            for (int i = 0; i < ops.size(); i++) {
                replay.step(i, ops.get(i));
            }
            replay.step(ops.size(), new Op.Scan(Op.NEWEST, "", null, Direction.FORWARD, 0, false, List.of()));
            return replay.history;
        }
    }

    private void step(int i, Op op) {
        try {
            history.add(run(op));
        } catch (Exception | AssertionError e) {
            throw new AssertionError("operation " + i + ", " + Shrinker.brief(op) + ": " + e, e);
        }
    }

    private String run(Op op) throws Exception {
        if (op instanceof Op.Write write) {
            commit(write.writes(), write.durability());
            return "written";
        } else if (op instanceof Op.Convenient convenient) {
            return convenient(convenient.write());
        } else if (op instanceof Op.Conditional conditional) {
            return conditional(conditional);
        } else if (op instanceof Op.DeleteRange range) {
            return deleteRange(range);
        } else if (op instanceof Op.TakeSnapshot take) {
            Snapshot before = slots.put(take.slot(), store.snapshot());
            if (before != null) {
                before.close();
            }
            return "taken";
        } else if (op instanceof Op.CloseSnapshot close) {
            Snapshot before = slots.remove(close.slot());
            if (before != null) {
                before.close();
            }
            return before == null ? "none" : "closed";
        } else if (op instanceof Op.Get get) {
            return onSnapshot(get.slot(), (snapshot, state) -> get(snapshot, state, get.keys()));
        } else if (op instanceof Op.Scan scan) {
            return onSnapshot(scan.slot(), (snapshot, state) -> scan(snapshot, state, scan));
        } else if (op instanceof Op.Count count) {
            return onSnapshot(count.slot(), (snapshot, state) -> count(snapshot, state, count));
        } else if (op instanceof Op.Flush) {
            store.flush();
            return "flushed";
        } else if (op instanceof Op.Compact) {
            store.compact();
            return "compacted";
        } else if (op instanceof Op.Load load) {
            return load(load);
        } else if (op instanceof Op.Ingest ingest) {
            return ingest(ingest.entries());
        } else if (op instanceof Op.Reopen) {
            closeStore();
            store = Lsm.open(disk, options);
            return "opened";
        } else if (op instanceof Op.MoveToCheckpoint) {
            return moveToCheckpoint();
        }
        return crash((Op.Crash) op);
    }

    // Writes

    private void commit(List<StoreModel.Write> writes, Durability durability) {
        model.commit(store.commit(CommitRequest.of(encode(writes), durability)), writes);
    }

    private String convenient(StoreModel.Write write) {
        long version;
        if (write instanceof StoreModel.Put put) {
            version = store.put(bytes(put.key()), bytes(put.value()));
        } else if (write instanceof StoreModel.Delete delete) {
            version = store.delete(bytes(delete.key()));
        } else {
            StoreModel.DeleteRange range = (StoreModel.DeleteRange) write;
            version = store.deleteRange(bytes(range.lo()), bytes(range.hi()));
        }
        model.commit(version, List.of(write));
        return "written";
    }

    private String conditional(Op.Conditional op) {
        Snapshot since = slots.get(op.slot());
        if (since == null) {
            return "no snapshot";
        }
        long version = since.version();
        boolean ranged = op.rangeLo() != null && op.rangeLo().compareTo(op.rangeHi()) < 0;
        boolean must = (op.absent() != null && model.newest().containsKey(op.absent()))
                || (op.unchanged() != null && model.mustConflict(op.unchanged(), op.unchanged() + '\u0000', version))
                || (ranged && model.mustConflict(op.rangeLo(), op.rangeHi(), version));
        boolean may = must
                || (op.unchanged() != null && model.mayConflict(op.unchanged(), op.unchanged() + '\u0000', version))
                || (ranged && model.mayConflict(op.rangeLo(), op.rangeHi(), version));
        if (may && !must) {
            return "free to choose"; // a range delete that found nothing: how long it is remembered depends on options
        }
        CommitRequest request = new CommitRequest(
                UUID.randomUUID(),
                version,
                encode(op.writes()),
                op.absent() == null ? List.of() : List.of(bytes(op.absent())),
                op.unchanged() == null ? List.of() : List.of(bytes(op.unchanged())),
                op.rangeLo() == null ? List.of() : List.of(KeyRange.of(bytes(op.rangeLo()), bytes(op.rangeHi()))),
                Durability.NONE);
        if (must) {
            assertThrows(ConflictException.class, () -> store.commit(request));
            return "conflict";
        }
        model.commit(store.commit(request), op.writes());
        return "written";
    }

    private String deleteRange(Op.DeleteRange op) {
        store.deleteRange(range(op.lo(), op.hi()));
        // The store gives no version: a write of nothing that matters shows where it is.
        StoreModel.Write marker = new StoreModel.Delete("no such key");
        long version = store.commit(CommitRequest.of(encode(List.of(marker)), Durability.NONE));
        String hi = op.hi() == null ? "\u00ff\u00ff\u00ff\u00ff\u00ff" : op.hi();
        model.commit(version, List.of(new StoreModel.DeleteRange(op.lo(), hi), marker));
        return "range deleted";
    }

    private String load(Op.Load op) {
        KeyRange range = range(op.lo(), op.hi());
        if (!model.newest().subMap(op.lo(), op.hi()).isEmpty()) {
            assertThrows(IllegalArgumentException.class, () -> store.bulkLoad(range));
            return "refused";
        }
        try (BulkLoad load = store.bulkLoad(range)) {
            op.entries().forEach((key, value) -> load.add(bytes(key), bytes(value)));
            if (!op.publish()) {
                return "dropped";
            }
            List<StoreModel.Write> writes = new ArrayList<>();
            op.entries().forEach((key, value) -> writes.add(new StoreModel.Put(key, value)));
            model.commit(load.publish(), writes);
            return "loaded";
        }
    }

    private String ingest(SortedMap<String, String> entries) {
        List<StoreModel.Write> writes = new ArrayList<>();
        entries.forEach((key, value) -> writes.add(new StoreModel.Put(key, value)));
        model.commit(ExternalTables.ingest(store, disk, entries, options), writes);
        return "ingested";
    }

    // Reads

    private interface Question {
        String ask(Snapshot snapshot, NavigableMap<String, String> state);
    }

    private String onSnapshot(int slot, Question question) {
        if (slot == Op.NEWEST) {
            try (Snapshot newest = store.snapshot()) {
                return question.ask(newest, model.newest());
            }
        }
        Snapshot snapshot = slots.get(slot);
        return snapshot == null ? "no snapshot" : question.ask(snapshot, model.at(snapshot.version()));
    }

    private String get(Snapshot snapshot, NavigableMap<String, String> state, List<String> keys) {
        List<String> expected = keys.stream().map(state::get).toList();
        List<String> one =
                keys.stream().map(key -> text(snapshot.get(bytes(key)))).toList();
        List<String> all = snapshot.getAll(keys.stream().map(Replay::bytes).toList()).stream()
                .map(Replay::text)
                .toList();
        assertEquals(expected, one, () -> "get of " + keys);
        assertEquals(expected, all, () -> "getAll of " + keys);
        return one.toString();
    }

    private String scan(Snapshot snapshot, NavigableMap<String, String> state, Op.Scan op) {
        List<String> found = new ArrayList<>();
        ScanHints hints = new ScanHints(op.limitHint(), op.keysOnly(), op.limitHint() != 1);
        try (Cursor cursor = snapshot.scan(range(op.lo(), op.hi()), op.direction(), hints)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                assertTrue(batch.size() > 0, "an empty batch");
                for (int i = 0; i < batch.size(); i++) {
                    found.add(entry(batch, i));
                }
            }
            assertEquals(StoreModel.scan(state, op.lo(), op.hi(), op.direction()), found, "a walk");
            for (String to : op.seeks()) {
                cursor.seek(bytes(to));
                EntryBatch batch = cursor.nextBatch();
                String first = batch == null ? null : entry(batch, 0);
                assertEquals(afterSeek(state, op, to), first, () -> "seek to " + to);
                found.add(String.valueOf(first));
            }
        }
        return found.toString();
    }

    private static String count(Snapshot snapshot, NavigableMap<String, String> state, Op.Count op) {
        long found = snapshot.count(range(op.lo(), op.hi()), () -> {});
        assertEquals(StoreModel.scan(state, op.lo(), op.hi(), Direction.FORWARD).size(), found, "a count");
        return "" + found;
    }

    private static String afterSeek(NavigableMap<String, String> state, Op.Scan op, String to) {
        if (op.hi() != null && op.lo().compareTo(op.hi()) >= 0) {
            return null;
        }
        String lo = op.lo();
        String hi = op.hi();
        if (op.direction() == Direction.FORWARD) {
            lo = to.compareTo(lo) < 0 ? lo : to;
        } else {
            hi = hi != null && to.compareTo(hi) >= 0 ? hi : to + '\u0000';
        }
        List<String> left = StoreModel.scan(state, lo, hi, op.direction());
        return left.isEmpty() ? null : left.get(0);
    }

    private static String entry(EntryBatch batch, int i) {
        return text(batch.copyKey(i)) + "=" + text(batch.copyValue(i));
    }

    // Ends and beginnings

    private String moveToCheckpoint() {
        String target = "/copy" + ++copies;
        store.checkpoint(target);
        closeStore();
        disk = (MemVfs) disk.child(target);
        store = Lsm.open(disk, options);
        return "moved";
    }

    private String crash(Op.Crash op) {
        commit(List.of(new StoreModel.Put("crash", "of " + op.seed())), Durability.SYNC);
        List<Long> versions = new ArrayList<>();
        try (Snapshot synced = store.snapshot()) {
            versions.add(synced.version());
        }
        StoreModel then = new StoreModel();
        List<NavigableMap<String, String>> states = new ArrayList<>();
        List<StoreModel.Write> sofar = new ArrayList<>();
        model.newest().forEach((key, value) -> sofar.add(new StoreModel.Put(key, value)));
        then.commit(1, sofar);
        states.add(then.newest());
        for (List<StoreModel.Write> writes : op.after()) {
            versions.add(store.commit(CommitRequest.of(encode(writes), Durability.NONE)));
            then.commit(1 + versions.size(), writes);
            states.add(then.newest());
        }
        MemVfs survivor = disk.crashClone(op.seed(), op.policy());
        closeStore();
        disk = survivor;
        store = Lsm.open(disk, options);
        try (Snapshot found = store.snapshot()) {
            int index = versions.indexOf(found.version());
            assertFalse(index < 0, () -> found.version() + " is not the version of a commit; they are " + versions);
            assertEquals(StoreModel.scan(states.get(index), "", null, Direction.FORWARD), walk(found));
            for (int i = 0; i < op.after().size(); i++) {
                List<StoreModel.Write> writes = op.after().get(i);
                if (i < index) {
                    model.commit(versions.get(i + 1), writes);
                } else {
                    commit(writes, Durability.NONE);
                }
            }
        }
        return "survived";
    }

    private static List<String> walk(Snapshot snapshot) {
        List<String> found = new ArrayList<>();
        try (Cursor cursor = snapshot.scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    found.add(entry(batch, i));
                }
            }
        }
        return found;
    }

    private void closeStore() {
        slots.values().forEach(Snapshot::close);
        slots.clear();
        store.close();
        assertEquals(0, disk.openFiles(), "files left open by close");
        VerifyReport report = Verify.store(disk);
        assertTrue(report.ok(), report::toString);
    }

    @Override
    public void close() {
        closeStore();
    }

    // Texts and bytes

    static WriteBatch encode(List<StoreModel.Write> writes) {
        WriteBatch batch = new WriteBatch();
        for (StoreModel.Write write : writes) {
            if (write instanceof StoreModel.Put put) {
                batch.put(bytes(put.key()), bytes(put.value()));
            } else if (write instanceof StoreModel.Delete delete) {
                batch.delete(bytes(delete.key()));
            } else if (write instanceof StoreModel.DeleteRange range) {
                batch.deleteRange(bytes(range.lo()), bytes(range.hi()));
            }
        }
        return batch;
    }

    private static KeyRange range(String lo, String hi) {
        return hi == null ? KeyRange.from(bytes(lo)) : KeyRange.of(bytes(lo), bytes(hi));
    }

    private static byte[] bytes(String text) {
        assertNotNull(text);
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
