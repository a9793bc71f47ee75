package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is left of a driver's exception in ours. */
class RedactionTest {

    private static final String SECRET = "the row with the hash";

    @Test
    void the_codes_and_the_stack_trace_stay_and_the_text_does_not() {
        SQLException thrown = new SQLException(SECRET, "23505", 7);
        SQLException copy = Redaction.of(thrown);
        assertThat(copy.getSQLState()).isEqualTo("23505");
        assertThat(copy.getErrorCode()).isEqualTo(7);
        assertThat(copy.getStackTrace()).isEqualTo(thrown.getStackTrace());
        assertThat(copy.getMessage())
                .contains("java.sql.SQLException", "23505", "7")
                .doesNotContain(SECRET);
    }

    @Test
    void causes_next_and_suppressed_exceptions_stay_as_copies() {
        SQLException thrown = new SQLException(SECRET, "40001", 1, coded("40002"));
        thrown.setNextException(coded("40003"));
        thrown.addSuppressed(coded("40004"));
        SQLException copy = Redaction.of(thrown);
        assertThat(List.of(copy.getCause(), copy.getNextException(), copy.getSuppressed()[0]))
                .extracting(each -> ((SQLException) each).getSQLState())
                .containsExactly("40002", "40003", "40004");
        assertThat(copy.getCause().getMessage()).doesNotContain(SECRET);
        assertThat(copy.getNextException().getMessage()).doesNotContain(SECRET);
        assertThat(copy.getSuppressed()).hasSize(1);
        assertThat(copy.getSuppressed()[0].getMessage()).doesNotContain(SECRET);
    }

    @Test
    void an_exception_around_one_of_the_driver_has_the_code_of_it_but_not_the_next_exception() {
        SQLException cause = coded("40002");
        cause.setNextException(coded("40003"));
        SQLException copy = Redaction.of(new IllegalStateException(SECRET, cause));
        assertThat(copy.getSQLState()).isEqualTo("40002");
        assertThat(copy.getMessage())
                .contains("java.lang.IllegalStateException")
                .doesNotContain(SECRET);
        assertThat((Throwable) copy.getNextException()).isNull();
        assertThat(((SQLException) copy.getCause()).getNextException().getSQLState())
                .isEqualTo("40003");
    }

    @Test
    void a_chain_ends_after_ten_so_a_circle_ends_too() {
        SQLException causes = coded("40001");
        causes.initCause(new SQLException(SECRET, causes));
        assertThat(chain(causes, Throwable::getCause)).hasSize(11);

        SQLException suppressing = coded("40001");
        SQLException suppressed = coded("40002");
        suppressing.addSuppressed(suppressed);
        suppressed.addSuppressed(suppressing);
        assertThat(chain(
                        suppressing,
                        each -> Stream.of(each.getSuppressed()).findFirst().orElse(null)))
                .hasSize(11);

        SQLException first = coded("40001");
        for (int i = 0; i < 20; i++) {
            first.setNextException(coded("40002"));
        }
        assertThat(chain(first, each -> ((SQLException) each).getNextException()))
                .hasSize(11);
    }

    private static SQLException coded(String state) {
        return new SQLException(SECRET, state, 1);
    }

    private static List<Throwable> chain(Throwable thrown, UnaryOperator<@Nullable Throwable> next) {
        return Stream.iterate((Throwable) Redaction.of(thrown), Objects::nonNull, next)
                .toList();
    }
}
