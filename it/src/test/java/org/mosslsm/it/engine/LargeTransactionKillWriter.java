package org.mosslsm.it.engine;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.kv.txn.Transactions;

/**
 * The child of {@link LargeTransactionKillTest}: transaction {@code n} writes {@code n} into every row, a statement a row,
 * but for a tenth of the rows, which it deletes. Far more than the memory the writes of a transaction may take here.
 */
final class LargeTransactionKillWriter {
    static final int ROWS = 4000;
    static final Map<String, String> OPTIONS = Map.of("memtableBytes", "64k", "cacheBytes", "1m");

    private static final long WRITE_BYTES = 32 << 10;

    private LargeTransactionKillWriter() {}

    public static void main(String[] args) {
        try (Lsm store = Lsm.open(Path.of(args[0]), LsmOptions.parse(OPTIONS))) {
            Transactions transactions = new Transactions(store, WRITE_BYTES);
            for (int n = Integer.parseInt(args[1]); ; n++) {
                try (Transaction txn = transactions.begin()) {
                    for (int i = 0; i < ROWS; i++) {
                        write(txn, i * 7 % ROWS, n); // all of them, in no order
                        if (i % 100 == 0) {
                            say("row " + i);
                        }
                    }
                    say("commit " + n);
                    txn.commit();
                }
                say("ack " + n);
            }
        }
    }

    private static void write(Transaction txn, int row, int n) {
        txn.statementMark();
        if (isDeleted(row, n)) {
            txn.delete(key(row));
        } else {
            txn.put(key(row), value(n));
        }
    }

    private static void say(String text) {
        System.out.println(text);
        System.out.flush();
    }

    static boolean isDeleted(int row, int n) {
        return row % 10 == n % 10;
    }

    static byte[] key(int row) {
        return ByteBuffer.allocate(5).put((byte) 'r').putInt(row).array();
    }

    static byte[] value(int n) {
        return ByteBuffer.allocate(100).putInt(n).array();
    }
}
