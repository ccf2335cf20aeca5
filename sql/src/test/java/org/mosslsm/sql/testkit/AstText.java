// Syntax trees as text, for golden files.
package org.mosslsm.sql.testkit;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.QualifiedName;

/** Prints a syntax tree: records by name with their components, leaving out positions and what is absent or false. */
public final class AstText {
    private AstText() {}

    /** The tree on one line. */
    public static String of(Object node) {
        if (node instanceof Optional<?> optional) {
            return optional.map(AstText::of).orElse("");
        } else if (node instanceof List<?> list) {
            return list.stream().map(AstText::of).collect(Collectors.joining(", ", "[", "]"));
        } else if (node instanceof Identifier identifier) {
            return identifier.quoted() ? '"' + identifier.value() + '"' : identifier.value();
        } else if (node instanceof QualifiedName name) {
            return name.parts().stream().map(AstText::of).collect(Collectors.joining("."));
        } else if (node instanceof String text) {
            return "'" + text.replace("\n", "\\n") + "'";
        } else if (node instanceof Record tree) {
            return record(tree);
        }
        return String.valueOf(node);
    }

    private static String record(Record tree) {
        StringBuilder text = new StringBuilder(tree.getClass().getSimpleName()).append('(');
        for (RecordComponent component : tree.getClass().getRecordComponents()) {
            Object value = value(tree, component);
            boolean absent = value instanceof Position
                    || value.equals(Optional.empty())
                    || value.equals(List.of())
                    || value.equals(false);
            if (!absent) {
                text.append(text.charAt(text.length() - 1) == '(' ? "" : " ");
                text.append(value.equals(true) ? component.getName() : of(value));
            }
        }
        return text.append(')').toString();
    }

    private static Object value(Record tree, RecordComponent component) {
        try {
            return component.getAccessor().invoke(tree);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
