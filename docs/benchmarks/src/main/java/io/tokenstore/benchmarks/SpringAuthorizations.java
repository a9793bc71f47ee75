package io.tokenstore.benchmarks;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.security.oauth2.server.authorization.JdbcOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;

/** Spring's table of authorizations, each with one live access token; the subjects are the values of these. */
final class SpringAuthorizations extends Supply<String> {

    private static final String SCHEMA =
            "org/springframework/security/oauth2/server/authorization/oauth2-authorization-schema.sql";
    /** What its look-up by a token of any kind compares. */
    private static final List<String> LOOKED_UP = List.of(
            "state",
            "authorization_code_value",
            "access_token_value",
            "oidc_id_token_value",
            "refresh_token_value",
            "user_code_value",
            "device_code_value");

    private static final int BATCH = 1_000;

    private final DataSource pool;
    private final int rows;
    private final boolean isPostgres;
    private final OAuth2AuthorizationService service;

    SpringAuthorizations(DataSource pool, int rows, boolean isPostgres, boolean indexed) throws Exception {
        this.pool = pool;
        this.rows = rows;
        this.isPostgres = isPostgres;
        String schema = new ClassPathResource(SCHEMA).getContentAsString(StandardCharsets.UTF_8);
        if (isPostgres) {
            // As the comment in the script asks.
            schema = schema.replace(" blob", " text").replace(" timestamp", " timestamptz");
        } else if (indexed) {
            // H2 has no index on a blob.
            schema = schema.replace(" blob", " varchar(4000)");
        }
        Site.execute(pool, schema);
        if (indexed) {
            for (String column : LOOKED_UP) {
                Site.execute(pool, "CREATE INDEX by_" + column + " ON oauth2_authorization (" + column + ")");
            }
        }
        service = new JdbcOAuth2AuthorizationService(
                new JdbcTemplate(pool), new InMemoryRegisteredClientRepository(Peers.CLIENT));
    }

    OAuth2AuthorizationService service() {
        return service;
    }

    static OAuth2Authorization authorization(String user, String value) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return OAuth2Authorization.withRegisteredClient(Peers.CLIENT)
                .id(UUID.randomUUID().toString())
                .principalName(user)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .accessToken(new OAuth2AccessToken(TokenType.BEARER, value, now, now.plus(1, ChronoUnit.DAYS)))
                .build();
    }

    /** Has Spring save one authorization, and copies its row with other ids and values: saving each would take minutes. */
    @Override
    List<String> load() throws Exception {
        Site.execute(pool, "TRUNCATE TABLE oauth2_authorization");
        HeldToken.Issuer issuer = new HeldToken.Issuer();
        List<String> values = new ArrayList<>();
        service.save(
                authorization(HeldToken.user(0), issuer.issue(HeldToken.user(0)).secret()));
        try (Connection connection = pool.getConnection();
                Statement select = connection.createStatement();
                ResultSet saved = select.executeQuery("SELECT * FROM oauth2_authorization")) {
            ResultSetMetaData columns = saved.getMetaData();
            saved.next();
            String placeholders = String.join(", ", Collections.nCopies(columns.getColumnCount(), "?"));
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO oauth2_authorization VALUES (" + placeholders + ")")) {
                for (int row = 0; row < rows; row++) {
                    String user = HeldToken.user(row);
                    values.add(issuer.issue(user).secret());
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        boolean blob = columns.getColumnType(i) == Types.BLOB;
                        Object other = switch (columns.getColumnName(i).toLowerCase(Locale.ROOT)) {
                            case "id" -> UUID.randomUUID().toString();
                            case "principal_name" -> user;
                            case "access_token_value" ->
                                blob ? values.get(row).getBytes(StandardCharsets.UTF_8) : values.get(row);
                            default -> blob ? saved.getBytes(i) : saved.getObject(i);
                        };
                        insert.setObject(i, other, columns.getColumnType(i));
                    }
                    insert.addBatch();
                    if ((row + 1) % BATCH == 0 || row + 1 == rows) {
                        insert.executeBatch();
                    }
                }
            }
            connection.commit();
            connection.setAutoCommit(true);
        }
        Site.execute(pool, isPostgres ? "VACUUM ANALYZE oauth2_authorization" : "ANALYZE");
        return values;
    }
}
