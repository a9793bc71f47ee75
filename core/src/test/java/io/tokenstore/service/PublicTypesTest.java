package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.gson.GsonBuilder;
import com.google.gson.Strictness;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.InvalidInputException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.fixtures.TreeMapStore;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.config.PropertyVisibilityStrategy;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.yasson.JsonBindingProvider;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What holds for every public type of both packages. */
class PublicTypesTest {

    private static final int PUBLIC_TYPES = 55;
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Owner ALICE = new Owner("alice");
    private static final Caller CALLER = Caller.user(ALICE);
    private static final TokenId T1 = new TokenId("t1");
    private static final SecretHash HASH = new SecretHash(new byte[32]);
    private static final Token TOKEN =
            Token.builder(T1, ALICE, "laptop", NOW).hash(HASH).build();

    private interface Library {
        String write(Object object) throws Exception;
    }

    @Test
    void what_is_not_a_record_can_be_written_by_no_json_library_however_lenient() {
        List<String> written = new ArrayList<>();
        libraries()
                .forEach((name, library) -> instances().forEach(instance -> {
                    try {
                        written.add(name + " wrote " + instance.getClass().getName() + ": " + library.write(instance));
                    } catch (Exception e) {
                        // On a class path no module keeps a library out, so that must not be the reason here.
                        assertThat(String.valueOf(e)).doesNotContain("\"opens io.tokenstore");
                    }
                }));
        assertThat(written).isEmpty();
    }

    /** Else the test above would prove nothing. */
    @Test
    void each_library_writes_a_record() throws Exception {
        for (Library library : libraries().values()) {
            assertThat(library.write(ErrorResponse.of(Status.NOT_FOUND, List.of())))
                    .contains("\"code\":\"NOT_FOUND\"");
        }
    }

    @Test
    void each_public_type_that_is_not_a_record_is_tried() throws Exception {
        Set<Class<?>> tried = instances().map(Object::getClass).collect(Collectors.toSet());
        assertThat(publicTypes())
                .filteredOn(type -> !type.isRecord() && !type.isEnum() && !type.isInterface() && !type.isAnnotation())
                .allMatch(tried::contains);
    }

    @Test
    void no_public_type_is_added_by_accident() throws Exception {
        assertThat(publicTypes()).hasSize(PUBLIC_TYPES);
    }

    @Test
    void no_class_of_what_is_kept_names_one_of_the_services() throws Exception {
        Path kept = classes().resolve("io/tokenstore");
        try (Stream<Path> files = Files.list(kept)) {
            List<Path> classes =
                    files.filter(file -> file.toString().endsWith(".class")).toList();
            assertThat(classes).hasSizeGreaterThan(15);
            for (Path file : classes) {
                // The names of all types that a class uses are in its constant pool.
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("io/tokenstore/service");
            }
        }
    }

    @Test
    void nobody_but_the_entry_point_creates_a_service() {
        for (Class<?> service : List.of(
                TokenServices.class,
                TokenServicesBuilder.class,
                TokenAuthenticator.class,
                TokenRevocationService.class,
                TokenIssuanceService.class,
                TokenQueryService.class,
                TokenPurger.class)) {
            for (Constructor<?> constructor : service.getDeclaredConstructors()) {
                assertThat(constructor.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED))
                        .as(constructor.toString())
                        .isZero();
            }
        }
    }

    private static Map<String, Library> libraries() {
        Map<String, Library> libraries = new LinkedHashMap<>();
        libraries.put("Jackson 2", new ObjectMapper()::writeValueAsString);
        libraries.put(
                "Jackson 2, empty beans",
                new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)::writeValueAsString);
        libraries.put("Jackson 2, fields", jackson2OfFields()::writeValueAsString);
        libraries.put("Jackson 3", JsonMapper.shared()::writeValueAsString);
        libraries.put(
                "Jackson 3, empty beans",
                JsonMapper.builder()
                        .disable(tools.jackson.databind.SerializationFeature.FAIL_ON_EMPTY_BEANS)
                        .build()::writeValueAsString);
        libraries.put("Jackson 3, fields", jackson3OfFields()::writeValueAsString);
        libraries.put("Gson", new GsonBuilder().create()::toJson);
        libraries.put(
                "Gson, lenient",
                new GsonBuilder()
                        .setStrictness(Strictness.LENIENT)
                        .serializeNulls()
                        .create()::toJson);
        libraries.put("Yasson", jsonb(new JsonbConfig())::toJson);
        libraries.put(
                "Yasson, fields", jsonb(new JsonbConfig().withPropertyVisibilityStrategy(new OfFields()))::toJson);
        return libraries;
    }

    private static ObjectMapper jackson2OfFields() {
        return new ObjectMapper()
                .setVisibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE)
                .setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
    }

    private static JsonMapper jackson3OfFields() {
        return JsonMapper.builder()
                .changeDefaultVisibility(visibility -> visibility
                        .withVisibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE)
                        .withVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY))
                .disable(tools.jackson.databind.SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build();
    }

    private static Jsonb jsonb(JsonbConfig config) {
        return new JsonBindingProvider().create().withConfig(config).build();
    }

    private static final class OfFields implements PropertyVisibilityStrategy {

        @Override
        public boolean isVisible(Field field) {
            return true;
        }

        @Override
        public boolean isVisible(Method method) {
            return method.getDeclaringClass().isRecord();
        }
    }

    /** Returns an instance of each type, and of some in several states. */
    private static Stream<Object> instances() {
        TokenServicesBuilder builder = TokenServices.builder(new TreeMapStore());
        TokenServices tokens = builder.build();
        Revocation revocation = new Revocation(new UUID(0, 1), NOW, CALLER.actor(), null);
        RuntimeException cause = new TokenStoreException("down", TokenStoreException.Applied.NO, null);
        return Stream.of(
                HASH,
                TOKEN,
                Token.builder(T1, ALICE, "laptop", NOW),
                Token.builder(T1, ALICE, "laptop", NOW).build(),
                Scopes.all(),
                Scopes.none(),
                Scopes.of(List.of("repo:read")),
                cause,
                new DuplicateTokenException(),
                invalid(),
                new AccessRequest(CALLER, Action.LIST, ALICE),
                CALLER,
                Caller.anonymous(),
                Caller.admin("ops"),
                Caller.by(TOKEN, false),
                new CurrentToken(TOKEN),
                new IssuedToken(TOKEN, "pat_secret"),
                Result.ok(revocation),
                Result.ok(1),
                Result.refused(Status.FORBIDDEN),
                Result.failed(cause),
                new UnsuccessfulResultException(Result.refused(Status.FORBIDDEN)),
                RevocationRequest.plain(),
                RevocationRequest.plain().withId(new UUID(0, 1)).withReason("lost"),
                TokenRequest.named("laptop"),
                TokenRequest.named("laptop").withTtl(Duration.ofDays(1)).withScopes(List.of("a")),
                builder,
                tokens,
                tokens.authenticator(),
                tokens.revocation(),
                tokens.issuance(),
                tokens.query(),
                tokens.purger(),
                new TokenEvents.Issued(CALLER, ALICE, T1, null, false),
                new TokenEvents.Revoked(CALLER, ALICE, null, revocation, 1, false),
                new TokenEvents.Unsuccessful(CALLER, Action.LIST, Status.FORBIDDEN, null),
                new TokenEvents.Unsuccessful(CALLER, Action.LIST, Status.INTERNAL_SERVER_ERROR, cause),
                new TokenEvents.AuthenticationFailed(
                        TokenEvents.AuthenticationFailed.Reason.NO_TOKEN, null, null, null),
                new TokenEvents.AuthenticationFailed(TokenEvents.AuthenticationFailed.Reason.ROTATED, T1, ALICE, T1));
    }

    private static InvalidInputException invalid() {
        try {
            new Owner("");
            throw new AssertionError("accepted");
        } catch (InvalidInputException e) {
            return e;
        }
    }

    private static List<Class<?>> publicTypes() throws IOException, ClassNotFoundException {
        Path root = classes();
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(root.resolve("io"))) {
            files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .forEach(file -> names.add(
                            file.substring(0, file.length() - ".class".length()).replace('/', '.')));
        }
        List<Class<?>> types = new ArrayList<>();
        for (String name : names) {
            Class<?> type = Class.forName(name);
            if (isPublic(type)) {
                types.add(type);
            }
        }
        return types;
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getDeclaringClass() == null || isPublic(type.getDeclaringClass()));
    }

    private static Path classes() {
        return Path.of("target", "classes");
    }
}
