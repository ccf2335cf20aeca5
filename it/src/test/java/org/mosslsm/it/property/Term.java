package org.mosslsm.it.property;

import java.util.ArrayList;
import java.util.List;

/**
 * An expression that can be written with its values as literals or as parameters, and made smaller.
 *
 * @param kind its type
 * @param template its text; {@code {0}}, {@code {1}} ... stand for the parts, {@code ?} for the value
 * @param value the value of a constant, else {@code null}
 */
record Term(Kind kind, String template, List<Term> parts, Object value) {
    Term {
        parts = List.copyOf(parts);
    }

    static Term of(Kind kind, String template, Term... parts) {
        return new Term(kind, template, List.of(parts), null);
    }

    static Term constant(Kind kind, Object value) {
        return new Term(kind, "?", List.of(), value);
    }

    /** The text with literals. */
    String literal() {
        return write(null);
    }

    /** The text with parameters, whose values are added to {@code values} in their order. */
    String parameterised(List<Object> values) {
        return write(values);
    }

    private String write(List<Object> values) {
        if (value != null) {
            if (values == null) {
                return kind.literal(value);
            }
            values.add(value);
            // The literal's type: an untyped parameter would take the type its place asks for, another question.
            return "CAST(? AS " + kind.open() + ")";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '{') {
                text.append(parts.get(template.charAt(i + 1) - '0').write(values));
                i += 2;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** Terms of the same type with something left out, the smallest first. */
    List<Term> smaller() {
        List<Term> all = new ArrayList<>();
        if (kind == Kind.BOOLEAN && value == null && !template.equals("NULL")) {
            all.add(constant(Kind.BOOLEAN, true));
            all.add(constant(Kind.BOOLEAN, false));
        }
        for (Term part : parts) {
            if (part.kind == kind) {
                all.add(part);
            }
        }
        for (int i = 0; i < parts.size(); i++) {
            for (Term less : parts.get(i).smaller()) {
                List<Term> changed = new ArrayList<>(parts);
                changed.set(i, less);
                all.add(new Term(kind, template, changed, value));
            }
        }
        return all;
    }

    @Override
    public String toString() {
        return literal();
    }
}
