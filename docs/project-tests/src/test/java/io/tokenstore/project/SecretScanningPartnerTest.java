package io.tokenstore.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tokenstore.Owner;
import io.tokenstore.TokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
import io.tokenstore.project.SecretScanningPartner.Feedback;
import io.tokenstore.project.SecretScanningPartner.Found;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SecretScanningPartnerTest {

    private static final String KEY_ID = "k1";
    private static final JsonMapper JSON = new JsonMapper();

    private int calls;
    private final TokenStore store = (TokenStore) Proxy.newProxyInstance(
            TokenStore.class.getClassLoader(), new Class<?>[] {TokenStore.class}, counted(new InMemoryTokenStore()));
    private final TokenServices tokens = TokenServices.builder(store).build();
    private final KeyPair pair = newPair();
    private final SecretScanningPartner partner = partner(Map.of(KEY_ID, pair.getPublic()));
    private final IssuedToken live = issue(tokens);
    private final byte[] body = body(live.secret());

    @Test
    void what_is_found_is_revoked_and_github_is_told_what_was_real() throws GeneralSecurityException {
        String elsewhere =
                issue(TokenServices.builder(new InMemoryTokenStore()).build()).secret();
        byte[] message = body(live.secret(), elsewhere, "garbage");
        List<Feedback> expected = List.of(
                new Feedback(live.secret(), "acme_token", "true_positive"),
                new Feedback(elsewhere, "acme_token", "false_positive"),
                new Feedback("garbage", "acme_token", "false_positive"));
        assertThat(partner.handle(KEY_ID, sign(message), message)).isEqualTo(expected);
        assertThat(tokens.authenticator().isLive(live.id().value())).isFalse();
        assertThat(partner.handle(KEY_ID, sign(message), message))
                .as("sent again")
                .isEqualTo(expected);
        assertThat(JSON.writeValueAsString(expected.get(2)))
                .isEqualTo("{\"token_raw\":\"garbage\",\"token_type\":\"acme_token\",\"label\":\"false_positive\"}");
    }

    @Test
    void what_was_revoked_before_was_real_too() throws GeneralSecurityException {
        tokens.revocation().revokePresented(live.secret());
        assertThat(partner.handle(KEY_ID, sign(body), body))
                .extracting(Feedback::label)
                .containsExactly("true_positive");
    }

    @Test
    void what_a_thief_made_of_a_leaked_token_by_rotation_is_ended_too() throws GeneralSecurityException {
        Caller thief = Caller.user(new Owner("alice"));
        IssuedToken old = tokens.issuance()
                .issue(
                        thief,
                        "alice",
                        TokenRequest.named("laptop")
                                .withTtl(Duration.ofDays(1))
                                .withRenewableUntil(Instant.now().plus(Duration.ofDays(9))))
                .orElseThrow();
        IssuedToken next = tokens.issuance()
                .rotate(thief, "alice", old.id().value(), Duration.ofDays(1))
                .orElseThrow();
        assertThat(tokens.authenticator().authenticateToken(next.secret()).isAnonymous())
                .isFalse();
        byte[] message = body(old.secret());
        assertThat(partner.handle(KEY_ID, sign(message), message))
                .extracting(Feedback::label)
                .containsExactly("true_positive");
        assertThat(tokens.authenticator().isLive(next.id().value())).isFalse();
    }

    @Test
    void what_is_logged_of_a_message_shows_no_secret() {
        assertThat(new Found(live.secret(), "acme_token") + " " + new Feedback(live.secret(), "acme_token", "x"))
                .contains("acme_token")
                .doesNotContain(live.secret());
    }

    @Test
    void a_key_of_another_kind_is_a_fault_of_the_set_up_and_no_wrong_signature() throws GeneralSecurityException {
        PublicKey rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic();
        String signature = sign(body);
        assertThatIllegalStateException()
                .isThrownBy(() -> partner(Map.of(KEY_ID, rsa)).handle(KEY_ID, signature, body));
    }

    @Test
    void a_message_that_github_did_not_sign_is_refused_before_any_look_up() throws GeneralSecurityException {
        String signature = sign(body);
        int callsBefore = calls;
        byte[] changed = body.clone();
        changed[changed.length - 2] ^= 1;
        byte[] spaced = (new String(body, StandardCharsets.UTF_8) + " ").getBytes(StandardCharsets.UTF_8);
        KeyPair other = newPair();
        assertRefused(KEY_ID, signature, changed);
        assertRefused(KEY_ID, signature, spaced);
        assertRefused(KEY_ID, signature, new byte[0]);
        assertRefused("k2", signature, body);
        assertRefused(null, signature, body);
        assertRefused(KEY_ID, null, body);
        for (String wrong : List.of(
                "",
                "?",
                signature.substring(4),
                signature + "AAAA",
                "MAYCAQACAQA=",
                sign(body, other),
                sign(changed))) {
            assertRefused(KEY_ID, wrong, body);
        }
        assertThat(calls).isEqualTo(callsBefore);
        assertThat(tokens.authenticator().isLive(live.id().value())).isTrue();
    }

    @Test
    void the_message_in_githubs_own_documentation_is_taken() throws GeneralSecurityException {
        PublicKey published = KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder()
                        .decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYAGMWO8XgCamYKMJS6jc/qgvSlAd"
                                + "AjPuDPRcXU22YxgBrz+zoN19MzuRyW87qEt9/AmtoNP5GrobzUvQSyJFVw==")));
        String keyId = "bcb53661c06b4728e59d897fb6165d5c9cda0fd9cdf9d09ead458168deb7518c";
        byte[] message =
                "[{\"source\":\"commit\",\"token\":\"some_token\",\"type\":\"some_type\",\"url\":\"https://example.com/base-repo-url/\"}]"
                        .getBytes(StandardCharsets.UTF_8);
        assertThat(partner(Map.of(keyId, published))
                        .handle(
                                keyId,
                                "MEQCIQDaMKqrGnE27S0kgMrEK0eYBmyG0LeZismAEz/BgZyt7AIfXt9fErtRS4XaeSt/AO1RtBY66YcAdjxji410VQV4xg==",
                                message))
                .containsExactly(new Feedback("some_token", "some_type", "false_positive"));
    }

    private InvocationHandler counted(TokenStore behind) {
        return (proxy, method, arguments) -> {
            calls++;
            return method.invoke(behind, arguments);
        };
    }

    private void assertRefused(String keyId, String signature, byte[] message) {
        assertThatExceptionOfType(SignatureException.class).isThrownBy(() -> partner.handle(keyId, signature, message));
    }

    private SecretScanningPartner partner(Map<String, PublicKey> keys) {
        return new SecretScanningPartner(tokens, keys, bytes -> Arrays.asList(JSON.readValue(bytes, Found[].class)));
    }

    private static byte[] body(String... found) {
        List<Map<String, String>> matches = Arrays.stream(found)
                .map(token -> Map.of("token", token, "type", "acme_token", "url", "", "source", "commit"))
                .toList();
        return JSON.writeValueAsBytes(matches);
    }

    private String sign(byte[] message) throws GeneralSecurityException {
        return sign(message, pair);
    }

    private static String sign(byte[] message, KeyPair by) throws GeneralSecurityException {
        Signature ecdsa = Signature.getInstance("SHA256withECDSA");
        ecdsa.initSign(by.getPrivate());
        ecdsa.update(message);
        return Base64.getEncoder().encodeToString(ecdsa.sign());
    }

    private static KeyPair newPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static IssuedToken issue(TokenServices services) {
        return services.issuance()
                .issue(
                        Caller.user(new Owner("alice")),
                        "alice",
                        TokenRequest.named("laptop").withTtl(Duration.ofDays(1)))
                .orElseThrow();
    }
}
