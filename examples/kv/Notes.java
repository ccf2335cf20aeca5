import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;

/** The engine alone: an ordered store of bytes in a directory, written in atomic batches and read in key order. */
public class Notes {
    public static void main(String[] args) {
        try (Lsm store = Lsm.open(Path.of(args[0]), LsmOptions.defaults())) {
            store.put(bytes("note/2"), bytes("water the ferns"));
            store.write(new WriteBatch().put(bytes("note/1"), bytes("buy moss")).delete(bytes("note/0")));
            System.out.println("get: " + text(store.get(bytes("note/1"))));
            try (Cursor cursor = store.cursor(KeyRange.prefix(bytes("note/")), Cursor.Direction.FORWARD)) {
                for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                    for (int i = 0; i < batch.size(); i++) {
                        System.out.println(text(batch.copyKey(i)) + " = " + text(batch.copyValue(i)));
                    }
                }
            }
        } // everything put is on the device: durability is "sync" unless the options say otherwise
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
