package org.mosslsm.kv.lsm;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.StoreProvider;

/** Opens the embedded engine: every location that does not begin with a scheme is a directory. */
public final class LsmProvider implements StoreProvider {
    /** Two letters at least: one letter and a colon is a drive on Windows. */
    private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]+:.*", Pattern.DOTALL);

    /** For the ServiceLoader. */
    public LsmProvider() {}

    @Override
    public boolean accepts(String location) {
        return !location.isBlank() && !SCHEME.matcher(location).matches();
    }

    @Override
    public Store open(String location, Map<String, String> options) {
        LsmOptions parsed = LsmOptions.parse(options);
        return Lsm.open(path(location), parsed);
    }

    private static Path path(String location) {
        try {
            return Path.of(location);
        } catch (InvalidPathException e) {
            throw new StoreOpenException(
                    StoreOpenException.Reason.UNSUPPORTED, location + " is not a path: " + e.getMessage(), e);
        }
    }

    @Override
    public int priority() {
        return 1000; // the catch-all
    }
}
