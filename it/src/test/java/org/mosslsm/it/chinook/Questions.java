package org.mosslsm.it.chinook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a file of named sections, each started by a line {@code -- name: x}. */
final class Questions {
    private static final String START = "-- name: ";

    private Questions() {}

    /** The text of each section without blank lines around it, by name, in the order of the file. */
    static Map<String, String> read(Path file) throws IOException {
        Map<String, StringBuilder> sections = new LinkedHashMap<>();
        StringBuilder section = new StringBuilder(); // what comes before the first name is dropped
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (line.startsWith(START)) {
                section = new StringBuilder();
                sections.put(line.substring(START.length()).trim(), section);
            } else {
                section.append(line).append('\n');
            }
        }
        Map<String, String> texts = new LinkedHashMap<>();
        sections.forEach((name, text) -> texts.put(name, text.toString().strip()));
        return texts;
    }
}
