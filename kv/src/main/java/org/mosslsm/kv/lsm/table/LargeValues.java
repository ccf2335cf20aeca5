package org.mosslsm.kv.lsm.table;

/** Takes the values that a table is not to hold itself; asked by {@link TableBuilder}. Thread safety: none. */
public interface LargeValues {
    /** Length from which on a value goes elsewhere, in bytes. */
    int threshold();

    /** Writes a value; returns where. */
    ValuePointer put(byte[] array, int offset, int length);

    /** Where a value that lies elsewhere already is to be found from now on: where it was, or where it was just copied to. */
    ValuePointer moved(ValuePointer pointer);
}
