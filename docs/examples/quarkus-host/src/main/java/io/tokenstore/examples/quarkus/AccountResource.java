package io.tokenstore.examples.quarkus;

import io.agroal.api.AgroalDataSource;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenServices;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

/** What the host does beside tokens. */
@Path("/v1")
@Authenticated
class AccountResource {

    private final TokenServices tokens;
    private final AgroalDataSource dataSource;
    private final Authentication.Current current;

    AccountResource(TokenServices tokens, AgroalDataSource dataSource, Authentication.Current current) {
        this.tokens = tokens;
        this.dataSource = dataSource;
        this.current = current;
    }

    // tag::close[]
    /** Closes an account together with its tokens, or neither. */
    @DELETE
    @Path("/users/{username}")
    @Transactional(rollbackOn = SQLException.class)
    public Map<String, Object> close(@PathParam("username") String username) throws SQLException {
        tokens.revocation()
                .revokeAll(current.caller(), username, RevocationRequest.plain().withReason("account closed"))
                .orElseThrow();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("DELETE FROM accounts WHERE name = ?")) {
            statement.setString(1, username);
            statement.executeUpdate();
        }
        return Map.of();
    }
    // end::close[]
}
