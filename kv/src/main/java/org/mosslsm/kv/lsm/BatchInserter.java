package org.mosslsm.kv.lsm;

import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.memtable.MemTable;

/** Puts the entries of a batch into a memtable, each at its own sequence number. Thread safety: none. */
final class BatchInserter implements WriteBatch.Visitor {
    private final MemTable table;
    private final DeadRunScout scout;
    private long seq;

    /** The first entry gets {@code firstSeq}; {@code scout} is told of deletes. */
    BatchInserter(MemTable table, DeadRunScout scout, long firstSeq) {
        this.table = table;
        this.scout = scout;
        this.seq = firstSeq;
    }

    /** The sequence number the next entry would get. */
    long nextSeq() {
        return seq;
    }

    @Override
    public void put(byte[] array, int keyOffset, int keyLength, int valueOffset, int valueLength) {
        table.add(Trailer.of(seq++, Trailer.PUT), array, keyOffset, keyLength, array, valueOffset, valueLength);
    }

    @Override
    public void delete(byte[] array, int keyOffset, int keyLength) {
        table.add(Trailer.of(seq++, Trailer.DELETE), array, keyOffset, keyLength, array, 0, 0);
        scout.deleted(array, keyOffset, keyLength);
    }

    @Override
    public void deleteRange(byte[] array, int loOffset, int loLength, int hiOffset, int hiLength) {
        RangeTombstone tombstone = RangeTombstone.ofOrNull(array, loOffset, loLength, hiOffset, hiLength, seq);
        if (tombstone != null) { // an empty range deletes nothing, but has its number
            table.addRange(tombstone);
        }
        seq++;
    }
}
