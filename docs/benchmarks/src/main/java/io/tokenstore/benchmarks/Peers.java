package io.tokenstore.benchmarks;

import java.nio.ByteBuffer;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.authentication.ott.JdbcOneTimeTokenService;
import org.springframework.security.authentication.ott.OneTimeTokenAuthenticationToken;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenRevocationAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenRevocationAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/** What people would pick instead. */
final class Peers {

    static final RegisteredClient CLIENT = RegisteredClient.withId("client")
            .clientId("client")
            .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
            .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
            .build();

    private Peers() {}

    /** As people write it by hand. */
    static Contender jdbcTemplate(Site site, TokenTable tokens) {
        JdbcTemplate template = new JdbcTemplate(site.pool());
        String sql = "UPDATE " + tokens.name() + " SET revocation_id = ?, revoked_at = ?, revoked_by = ?"
                + " WHERE id = ? AND owner = ? AND revoked_at IS NULL";
        return new Each<>(
                tokens,
                token -> template.update(
                                sql,
                                bytes(UUID.randomUUID()),
                                LocalDateTime.now(ZoneOffset.UTC),
                                token.owner(),
                                token.id(),
                                token.owner())
                        == 1);
    }

    private static byte[] bytes(UUID uuid) {
        return ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }

    /** What Spring's revocation endpoint does with a request whose client is authenticated. */
    static Each.Step<String> revocationEndpoint(OAuth2AuthorizationService authorizations) {
        OAuth2TokenRevocationAuthenticationProvider provider =
                new OAuth2TokenRevocationAuthenticationProvider(authorizations);
        OAuth2ClientAuthenticationToken client =
                new OAuth2ClientAuthenticationToken(CLIENT, ClientAuthenticationMethod.CLIENT_SECRET_BASIC, null);
        return value -> {
            OAuth2TokenRevocationAuthenticationToken request =
                    new OAuth2TokenRevocationAuthenticationToken(value, client, "access_token");
            // The request itself comes back where no such token was found.
            return provider.authenticate(request) != request;
        };
    }

    static Contender authorizationServer(SpringAuthorizations authorizations) {
        return new Each<>(authorizations, revocationEndpoint(authorizations.service()));
    }

    static Contender oneTimeToken(OneTimeTokens tokens) {
        JdbcOneTimeTokenService service = new JdbcOneTimeTokenService(tokens.template());
        return new Each<>(tokens, value -> service.consume(new OneTimeTokenAuthenticationToken(value)) != null);
    }
}
