package org.mosslsm.kv.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.table.LargeValues;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.ValuePointer;
import org.mosslsm.kv.lsm.table.ValueRefs;
import org.mosslsm.kv.lsm.values.ValueFileReader;
import org.mosslsm.kv.lsm.values.ValueOptions;
import org.mosslsm.kv.lsm.values.ValueSeparator;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.ValueFileMeta;
import org.mosslsm.kv.vfs.Vfs;

/**
 * The value files a repair meets: those that are whole stay, and out of the others what can be read is copied into new ones
 * while the tables that point to it are written anew.
 *
 * <p>Used once, by one thread.
 */
final class SavedValues implements AutoCloseable {
    private final Vfs vfs;
    private final Consumer<CorruptionException> losses;
    private final Map<Long, ValueFileMeta> whole = new TreeMap<>();
    private final Map<Long, ValueRecords> records = new TreeMap<>();
    private final Map<Long, ValueFileReader> hurt = new TreeMap<>();
    private final Set<Long> missing = new TreeSet<>();
    private final FoundEntry scratch = new FoundEntry();
    private final ValueSeparator copies;

    SavedValues(Vfs vfs, LongSupplier numbers, Consumer<CorruptionException> losses) {
        this.vfs = vfs;
        this.losses = losses;
        ValueOptions options = new ValueOptions(0, TableOptions.LOWER.compression(), ValueOptions.OFF.fileBytes());
        this.copies = new ValueSeparator(vfs, options, numbers, FileNames::values, hurt::containsKey, hurt::get);
    }

    /**
     * Looks at a value file.
     *
     * @param known what the manifest says of it; null where that is lost
     */
    void look(long number, ValueFileMeta known) {
        String name = FileNames.values(number);
        List<CorruptionException> damage = new ArrayList<>();
        try (ValueFileReader reader = ValueFileReader.open(vfs, name, number)) {
            ValueRecords found = new ValueRecords();
            reader.walk(found::add, damage::add);
            ValueFileMeta meta = ValueFileMeta.of(
                    new ValueSeparator.Written(number, reader.fileSize(), reader.values(), reader.valueBytes()));
            if (known != null && !known.toString().equals(meta.toString())) {
                damage.add(new CorruptionException(name, -1, "it is not the file the manifest means, " + known));
            }
            if (damage.isEmpty()) {
                whole.put(number, meta);
                records.put(number, found);
                return;
            }
        } catch (CorruptionException e) {
            damage.add(e);
        }
        damage.forEach(losses);
        hurt.put(number, ValueFileReader.openDamaged(vfs, name, number));
    }

    /** Notes that a value file is missing. */
    void miss(long number) {
        missing.add(number);
        losses.accept(new CorruptionException(FileNames.values(number), -1, "the value file is missing"));
    }

    /** Whether all that a table points to lies in files that are whole. */
    boolean areWhole(ValueRefs refs) {
        for (int i = 0; i < refs.count(); i++) {
            if (!whole.containsKey(refs.file(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the value behind a pointer can be read; if not, that is told. */
    boolean has(ValuePointer pointer) {
        ValueRecords there = records.get(pointer.file());
        if (there != null && there.has(pointer)) {
            return true;
        }
        ValueFileReader reader = hurt.get(pointer.file());
        if (reader == null) {
            if (!missing.contains(pointer.file())) {
                losses.accept(new CorruptionException(
                        "a pointer into " + FileNames.values(pointer.file()), // the file itself may be sound
                        pointer.offset(),
                        "no value is where it leads"));
            }
            return false;
        }
        try {
            reader.read(pointer, scratch);
            return true;
        } catch (CorruptionException e) {
            losses.accept(e);
            return false;
        }
    }

    /** Takes the values of tables that are written anew out of files that are not whole. */
    LargeValues copies() {
        return copies;
    }

    /** Finishes the copies; returns all files that stay. */
    List<ValueFileMeta> finish() {
        List<ValueFileMeta> all = new ArrayList<>(whole.values());
        copies.finish().forEach(written -> all.add(ValueFileMeta.of(written)));
        return all;
    }

    @Override
    public void close() {
        copies.close();
        hurt.values().forEach(ValueFileReader::close);
    }
}
