package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tokenstore.Actor;
import io.tokenstore.Revocation;
import io.tokenstore.Violation;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** The bodies of the OpenAPI operation users-deleteToken, as plain mappers write them. */
class ResultJsonTest {

    private static final ObjectMapper JACKSON_2 = new ObjectMapper();
    private static final JsonMapper JACKSON_3 = JsonMapper.shared();

    private static final Revocation REVOCATION =
            new Revocation(UUID.randomUUID(), Instant.parse("2026-06-15T12:00:00Z"), Actor.user("alice"), null);

    @ParameterizedTest
    @CsvSource({
        "BAD_REQUEST, 400, Bad Request",
        "UNAUTHORIZED, 401, Invalid Credentials",
        "FORBIDDEN, 403, Unauthorized",
        "NOT_FOUND, 404, Not Found",
        "INTERNAL_SERVER_ERROR, 500, Internal Error"
    })
    void an_error_is_the_contracts_json_to_the_letter(Status status, int code, String message) throws IOException {
        Object body = Result.refused(status).error().orElseThrow();
        String json = "{\"message\":\"%s\",\"code\":\"%s\",\"issues\":[]}".formatted(message, status);
        assertThat(status.code()).isEqualTo(code);
        assertThat(JACKSON_2.writeValueAsString(body)).isEqualTo(json);
        assertThat(JACKSON_3.readTree(JACKSON_3.writeValueAsString(body))).isEqualTo(JACKSON_3.readTree(json));
    }

    @Test
    void issues_are_objects_with_a_message() throws IOException {
        Object body = Result.badRequest(List.of(new Violation("one"), new Violation("two")))
                .error()
                .orElseThrow();
        assertThat(JACKSON_2.writeValueAsString(body))
                .isEqualTo(
                        "{\"message\":\"Bad Request\",\"code\":\"BAD_REQUEST\",\"issues\":[{\"message\":\"one\"},{\"message\":\"two\"}]}");
    }

    @Test
    void a_host_has_the_same_bodies_for_answers_of_its_own_but_none_for_ok() throws IOException {
        for (Status status : List.of(Status.NOT_FOUND, Status.INTERNAL_SERVER_ERROR)) {
            assertThat(ErrorResponse.of(status, List.of()))
                    .isEqualTo(Result.refused(status).error().orElseThrow());
        }
        assertThat(ErrorResponse.of(Status.BAD_REQUEST, List.of(new Violation("one"))))
                .isEqualTo(
                        Result.badRequest(List.of(new Violation("one"))).error().orElseThrow());
        assertThatIllegalArgumentException().isThrownBy(() -> ErrorResponse.of(Status.OK, List.of()));
    }

    @Test
    void a_failure_shows_nothing_of_its_cause() throws IOException {
        Result<Revocation> failed = Result.failed(new IllegalStateException("jdbc:secret"));
        assertThat(JACKSON_2.writeValueAsString(failed.error().orElseThrow())).doesNotContain("secret");
        assertThat(failed).hasToString("Result[INTERNAL_SERVER_ERROR]");
    }

    @Test
    void a_value_is_had_from_ok_alone() {
        assertThat(Result.ok(REVOCATION).value()).isSameAs(REVOCATION);
        assertThat(Result.ok(REVOCATION).orElseThrow()).isSameAs(REVOCATION);
        assertThat(Result.ok(REVOCATION).error()).isEmpty();
        for (Status status : Status.values()) {
            if (status != Status.OK) {
                Result<Revocation> refused = Result.refused(status);
                assertThatIllegalStateException().isThrownBy(refused::value);
                assertThatExceptionOfType(UnsuccessfulResultException.class)
                        .isThrownBy(refused::orElseThrow)
                        .returns(status, UnsuccessfulResultException::status)
                        .returns(refused.error().orElseThrow(), UnsuccessfulResultException::error)
                        .withNoCause();
            }
        }
    }

    @Test
    void a_failure_thrown_on_keeps_its_cause() {
        RuntimeException cause = new IllegalStateException("down");
        assertThatExceptionOfType(UnsuccessfulResultException.class)
                .isThrownBy(() -> Result.failed(cause).orElseThrow())
                .withCause(cause);
        assertThat(Result.failed(cause).cause()).contains(cause);
        assertThat(Result.failed(new IOException("down")).cause().orElseThrow()).hasCauseInstanceOf(IOException.class);
    }
}
