package io.tokenstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
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
    private static final ObjectMapper LENIENT_JACKSON_2 =
            new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
    private static final JsonMapper JACKSON_3 = JsonMapper.shared();

    private static final Revocation REVOCATION =
            new Revocation(UUID.randomUUID(), Instant.parse("2026-06-15T12:00:00Z"), "alice", null);

    @Test
    void ok_is_an_empty_object() throws IOException {
        Object body = Result.ok(REVOCATION).body();
        assertThat(JACKSON_2.writeValueAsString(body)).isEqualTo("{}");
        assertThat(JACKSON_3.writeValueAsString(body)).isEqualTo("{}");
    }

    @ParameterizedTest
    @CsvSource({
        "BAD_REQUEST, 400, Bad Request",
        "UNAUTHORIZED, 401, Invalid Credentials",
        "FORBIDDEN, 403, Unauthorized",
        "NOT_FOUND, 404, Not Found",
        "INTERNAL_SERVER_ERROR, 500, Internal Error"
    })
    void an_error_is_the_contracts_json_to_the_letter(Status status, int code, String message) throws IOException {
        Object body = Result.refused(status).body();
        String json = "{\"message\":\"%s\",\"code\":\"%s\",\"issues\":[]}".formatted(message, status);
        assertThat(status.code()).isEqualTo(code);
        assertThat(JACKSON_2.writeValueAsString(body)).isEqualTo(json);
        assertThat(JACKSON_3.readTree(JACKSON_3.writeValueAsString(body))).isEqualTo(JACKSON_3.readTree(json));
    }

    @Test
    void issues_are_objects_with_a_message() throws IOException {
        Object body =
                Result.badRequest(List.of(new Issue("one"), new Issue("two"))).body();
        assertThat(JACKSON_2.writeValueAsString(body))
                .isEqualTo(
                        "{\"message\":\"Bad Request\",\"code\":\"BAD_REQUEST\",\"issues\":[{\"message\":\"one\"},{\"message\":\"two\"}]}");
    }

    @Test
    void a_host_has_the_same_bodies_for_answers_of_its_own_but_none_for_ok() throws IOException {
        for (Status status : List.of(Status.NOT_FOUND, Status.INTERNAL_SERVER_ERROR)) {
            assertThat(ErrorResponse.of(status, List.of()))
                    .isEqualTo(Result.refused(status).body());
        }
        assertThat(ErrorResponse.of(Status.BAD_REQUEST, List.of(new Issue("one"))))
                .isEqualTo(Result.badRequest(List.of(new Issue("one"))).body());
        assertThatIllegalArgumentException().isThrownBy(() -> ErrorResponse.of(Status.OK, List.of()));
    }

    @Test
    void a_failure_shows_nothing_of_its_cause() throws IOException {
        Result<Revocation> failed = Result.failed(new IllegalStateException("jdbc:secret"));
        assertThat(JACKSON_2.writeValueAsString(failed.body())).doesNotContain("secret");
        assertThat(failed).hasToString("Result[INTERNAL_SERVER_ERROR]");
    }

    @Test
    void a_result_a_hash_or_a_token_with_a_hash_given_to_a_mapper_by_mistake_fails() {
        SecretHash hash = new SecretHash(new byte[32]);
        Token token = new Token(new TokenId("t1"), new Username("alice"), "laptop", hash, REVOCATION.at(), null, null);
        for (Object mistake : List.of(Result.ok(REVOCATION), Result.refused(Status.FORBIDDEN), hash, token)) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> JACKSON_2.writeValueAsString(mistake));
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> LENIENT_JACKSON_2.writeValueAsString(mistake));
            assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> JACKSON_3.writeValueAsString(mistake));
        }
    }

    @Test
    void a_mapper_that_writes_fields_finds_no_hash() throws IOException {
        ObjectMapper ofFields = new ObjectMapper()
                .setVisibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE)
                .setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
        assertThat(ofFields.writeValueAsString(new SecretHash(new byte[32]))).doesNotContain("bytes", "AAAA");
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
                assertThatExceptionOfType(TokenOperationException.class)
                        .isThrownBy(refused::orElseThrow)
                        .returns(status, TokenOperationException::status)
                        .returns(refused.error().orElseThrow(), TokenOperationException::error)
                        .withNoCause();
            }
        }
    }

    @Test
    void a_failure_thrown_on_keeps_its_cause() {
        RuntimeException cause = new IllegalStateException("down");
        assertThatExceptionOfType(TokenOperationException.class)
                .isThrownBy(() -> Result.failed(cause).orElseThrow())
                .withCause(cause);
        assertThat(Result.failed(cause).cause()).contains(cause);
        assertThat(Result.failed(new IOException("down")).cause().orElseThrow()).hasCauseInstanceOf(IOException.class);
    }
}
