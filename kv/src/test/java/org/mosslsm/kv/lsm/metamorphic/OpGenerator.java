package org.mosslsm.kv.lsm.metamorphic;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.StoreModel;

/** Draws lists of operations. Keys are few, so that everything meets everything; some values fill a memtable alone. */
final class OpGenerator {
    private static final int SLOTS = 4;
    private static final char[] LETTERS = {'a', 'b', 'c', '\u0000', '\u00ff'};

    private final Random random;
    private int written;

    OpGenerator(long seed) {
        this.random = new Random(seed);
    }

    /** A list of so many operations. */
    List<Op> list(int length) {
        List<Op> ops = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            ops.add(next());
        }
        return ops;
    }

    private Op next() {
        int dice = random.nextInt(200);
        if (dice < 70) {
            return new Op.Write(writes(6), durability());
        } else if (dice < 80) {
            return new Op.Convenient(write());
        } else if (dice < 95) {
            return conditional();
        } else if (dice < 98) {
            return new Op.DeleteRange(key(), random.nextInt(3) == 0 ? null : key());
        } else if (dice < 112) {
            return new Op.TakeSnapshot(random.nextInt(SLOTS));
        } else if (dice < 120) {
            return new Op.CloseSnapshot(random.nextInt(SLOTS));
        } else if (dice < 140) {
            return new Op.Get(slot(), keys(1 + random.nextInt(12)));
        } else if (dice < 168) {
            return scan();
        } else if (dice < 178) {
            return new Op.Count(slot(), random.nextInt(3) == 0 ? "" : key(), random.nextInt(3) == 0 ? null : key());
        } else if (dice < 184) {
            return new Op.Flush();
        } else if (dice < 188) {
            return new Op.Compact();
        } else if (dice < 191) {
            return load();
        } else if (dice < 193) {
            return new Op.Ingest(entries(""));
        } else if (dice < 195) {
            return new Op.Reopen();
        } else if (dice < 197) {
            return new Op.MoveToCheckpoint();
        }
        return crash();
    }

    private Op conditional() {
        boolean ranged = random.nextInt(3) == 0;
        return new Op.Conditional(
                random.nextInt(SLOTS),
                writes(4),
                random.nextBoolean() ? key() : null,
                random.nextBoolean() ? key() : null,
                ranged ? key() : null,
                ranged ? key() : null);
    }

    private Op scan() {
        boolean all = random.nextInt(3) == 0;
        return new Op.Scan(
                slot(),
                all ? "" : key(),
                all || random.nextInt(4) == 0 ? null : key(),
                random.nextBoolean() ? Direction.FORWARD : Direction.BACKWARD,
                random.nextInt(4),
                false,
                keys(random.nextInt(5)));
    }

    private Op load() {
        String lo = key();
        String hi = lo + "~";
        SortedMap<String, String> entries = entries(lo);
        entries.keySet().removeIf(k -> k.compareTo(hi) >= 0);
        return new Op.Load(lo, hi, entries, random.nextInt(4) > 0);
    }

    private SortedMap<String, String> entries(String prefix) {
        TreeMap<String, String> entries = new TreeMap<>();
        for (int n = random.nextInt(30); n >= 0; n--) {
            entries.put(prefix + key(), value());
        }
        return entries;
    }

    private Op crash() {
        List<List<StoreModel.Write>> after = new ArrayList<>();
        for (int n = random.nextInt(6); n > 0; n--) {
            after.add(writes(4));
        }
        CrashPolicy[] policies = CrashPolicy.values();
        return new Op.Crash(policies[random.nextInt(policies.length)], random.nextLong(), after);
    }

    private List<StoreModel.Write> writes(int most) {
        List<StoreModel.Write> writes = new ArrayList<>();
        for (int n = random.nextInt(most); n >= 0; n--) {
            writes.add(write());
        }
        return writes;
    }

    private StoreModel.Write write() {
        int dice = random.nextInt(12);
        if (dice < 8) {
            return new StoreModel.Put(key(), value());
        } else if (dice < 11) {
            return new StoreModel.Delete(key());
        }
        return new StoreModel.DeleteRange(key(), key());
    }

    private String value() {
        int dice = random.nextInt(40);
        int length = dice == 0 ? 5000 + random.nextInt(30_000) : dice < 8 ? random.nextInt(1500) : random.nextInt(40);
        StringBuilder value = new StringBuilder("v").append(++written);
        boolean compressible = random.nextBoolean();
        while (value.length() < length) {
            value.append(compressible ? '.' : (char) random.nextInt(256));
        }
        return value.toString();
    }

    private List<String> keys(int count) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(key());
        }
        return keys;
    }

    private String key() {
        StringBuilder key = new StringBuilder();
        if (random.nextInt(4) == 0) {
            key.append("a long prefix that many keys share/").append(random.nextInt(40));
        } else {
            for (int n = random.nextInt(4); n > 0; n--) {
                key.append(LETTERS[random.nextInt(LETTERS.length)]);
            }
        }
        return key.toString();
    }

    private int slot() {
        return random.nextInt(3) == 0 ? Op.NEWEST : random.nextInt(SLOTS);
    }

    private Durability durability() {
        return switch (random.nextInt(12)) {
            case 0 -> Durability.SYNC;
            case 1 -> Durability.PROCESS;
            case 2 -> Durability.interval(5);
            default -> Durability.NONE;
        };
    }
}
