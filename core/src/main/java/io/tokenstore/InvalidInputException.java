package io.tokenstore;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown by a constructor whose argument breaks a rule of the domain; names every violated rule, never the input. */
public final class InvalidInputException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient List<Issue> issues;

    InvalidInputException(List<Issue> issues) {
        super(issues.stream().map(Issue::message).collect(Collectors.joining("; ")));
        this.issues = List.copyOf(issues);
    }

    static void throwIfAny(List<Issue> issues) {
        if (!issues.isEmpty()) {
            throw new InvalidInputException(issues);
        }
    }

    /**
     * Returns every violated rule.
     *
     * @return the issues, unmodifiable, at least one
     */
    public List<Issue> issues() {
        return issues;
    }
}
