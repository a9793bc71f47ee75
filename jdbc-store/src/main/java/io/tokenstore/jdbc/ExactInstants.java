package io.tokenstore.jdbc;

import java.sql.Types;
import java.time.Instant;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;

/** Binds instants exactly. Jdbi's own binding uses the JVM's time zone, and is an hour off in a daylight-saving overlap. */
final class ExactInstants extends AbstractArgumentFactory<Instant> {

    ExactInstants() {
        super(Types.TIMESTAMP);
    }

    @Override
    protected Argument build(Instant value, ConfigRegistry config) {
        return (position, statement, context) -> Sql.setInstant(statement, position, value);
    }
}
