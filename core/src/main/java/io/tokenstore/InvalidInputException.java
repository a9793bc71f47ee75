package io.tokenstore;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown by a constructor if an argument breaks a rule; names every violated rule, never the input. */
public final class InvalidInputException extends IllegalArgumentException implements NotSerializable {

    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    InvalidInputException(List<Violation> violations) {
        super(violations.stream().map(Violation::message).collect(Collectors.joining("; ")));
        this.violations = List.copyOf(violations);
    }

    static void throwIfAny(List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw new InvalidInputException(violations);
        }
    }

    /** {@return the violations, unmodifiable, at least one} */
    public List<Violation> violations() {
        return violations;
    }
}
