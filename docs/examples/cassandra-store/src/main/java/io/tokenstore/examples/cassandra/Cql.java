package io.tokenstore.examples.cassandra;

import static com.datastax.oss.driver.api.core.ConsistencyLevel.QUORUM;
import static com.datastax.oss.driver.api.core.ConsistencyLevel.SERIAL;

import com.datastax.oss.driver.api.core.cql.SimpleStatement;

/** All statements. A statement with an IF is a lightweight transaction on the row of one token. */
enum Cql {
    FIND("SELECT * FROM %s.tokens WHERE id = ?"),
    /** For callers that need a token's addition, but not the outcome of transactions under way. */
    FIND_ADDITION("SELECT id, addition, removal FROM %s.tokens WHERE id = ?"),
    FIRST("SELECT * FROM %s.tokens LIMIT ?"),
    SAME("SELECT * FROM %s.tokens WHERE token(id) = token(?)"),
    NEXT("SELECT * FROM %s.tokens WHERE token(id) > token(?) LIMIT ?"),
    ADD("UPDATE %s.tokens SET owner = ?, name = ?, hash = ?, scopes = ?, predecessor = ?, renewable_until = ?,"
            + " min_reader_version = ?, created_at = ?, expires_at = ?, act = ?, revoked_at = ?, actor_kind = ?,"
            + " actor_name = ?, actor_token = ?, reason = ?, addition = ?, removal = ? WHERE id = ?"
            + " IF addition = ? AND removal = ?"),
    // tag::revoke[]
    REVOKE("UPDATE %s.tokens SET act = ?, revoked_at = ?, actor_kind = ?, actor_name = ?, actor_token = ?, reason = ?"
            + " WHERE id = ? IF owner = ? AND act = null AND removal = null"),
    // end::revoke[]
    ACTIVATE("UPDATE %s.tokens SET predecessor = null, activation = ? WHERE id = ?"
            + " IF owner = ? AND act = null AND removal = null AND activation != ?"),
    CLAIM("UPDATE %s.tokens SET removal = ? WHERE id = ? IF addition = ? AND act = ? AND removal = null"),
    REMOVE("DELETE FROM %s.tokens WHERE id = ? IF removal = ?"),

    LIST("SELECT id FROM %s.tokens_by_owner WHERE owner = ? AND id > ? LIMIT ?"),
    ENTER("INSERT INTO %s.tokens_by_owner (owner, id, addition) VALUES (?, ?, ?) USING TIMESTAMP 1"),
    LEAVE("DELETE FROM %s.tokens_by_owner USING TIMESTAMP 2 WHERE owner = ? AND id = ? AND addition = ?"),

    LAST_USE("SELECT id, used_at FROM %s.token_uses WHERE id = ? AND addition = ?"),
    /** Of two writes, the one with the later timestamp stays. The timestamp is the use itself. */
    RECORD("INSERT INTO %s.token_uses (id, addition, used_at) VALUES (?, ?, ?) USING TIMESTAMP ?"),
    FORGET("DELETE FROM %s.token_uses USING TIMESTAMP 253402300800000000 WHERE id = ? AND addition = ?");

    private final String text;

    Cql(String text) {
        this.text = text;
    }

    /** A read at SERIAL sees everything that transactions have decided. All statements may be repeated, also by the driver. */
    SimpleStatement in(String keyspace) {
        return SimpleStatement.newInstance(text.formatted(keyspace))
                .setConsistencyLevel(this == FIND ? SERIAL : QUORUM)
                .setSerialConsistencyLevel(SERIAL)
                .setIdempotent(true);
    }
}
