package org.mosslsm.kv.tool;

import java.util.List;

/**
 * What a verification found.
 *
 * @param findings everything wrong, file by file; empty for a good store
 * @param notes what is no damage but may surprise: a torn end of a log, files that the next open deletes, files that are
 *     not the store's
 * @param tables tables read
 * @param blocks data blocks read
 * @param entries point entries and range tombstones read from tables
 * @param logs logs read
 * @param records records read from logs
 */
public record VerifyReport(
        List<Finding> findings, List<String> notes, long tables, long blocks, long entries, long logs, long records) {
    /** Freezes the lists. */
    public VerifyReport {
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }

    /** Whether nothing is wrong. */
    public boolean ok() {
        return findings.isEmpty();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(ok() ? "ok" : findings.size() + " findings");
        text.append(": " + tables + " tables, " + blocks + " blocks, " + entries + " entries, " + logs + " logs, ");
        text.append(records + " records");
        findings.forEach(finding -> text.append("\n  ").append(finding));
        notes.forEach(note -> text.append("\n  note: ").append(note));
        return text.toString();
    }
}
