package io.tokenstore.examples.micronaut;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.RequestAttribute;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.transaction.annotation.Transactional;
import io.tokenstore.service.Caller;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenServices;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

/** What the host does beside tokens. */
@Controller("/v1/users/{username}")
@ExecuteOn(TaskExecutors.BLOCKING)
class AccountController {

    private final TokenServices tokens;
    private final Connection connection;

    /** The connection is Micronaut's proxy for that of the transaction. */
    AccountController(TokenServices tokens, Connection connection) {
        this.tokens = tokens;
        this.connection = connection;
    }

    // tag::close[]
    /** Closes an account together with its tokens, or neither. */
    @Delete
    @Transactional
    Map<String, Object> close(@RequestAttribute Caller caller, @PathVariable String username) throws SQLException {
        tokens.revocation()
                .revokeAll(caller, username, RevocationRequest.plain().withReason("account closed"))
                .orElseThrow();
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM accounts WHERE name = ?")) {
            statement.setString(1, username);
            statement.executeUpdate();
        }
        return Map.of();
    }
    // end::close[]
}
