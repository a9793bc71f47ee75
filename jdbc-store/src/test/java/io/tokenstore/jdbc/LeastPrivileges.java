package io.tokenstore.jdbc;

import java.util.List;
import java.util.stream.Collectors;

/** All that the store may do at run time, on databases that grant the update of single columns. */
final class LeastPrivileges {

    static final List<String> UPDATED_COLUMNS = List.of(
            "predecessor",
            "revocation_id",
            "revoked_at",
            "revoked_by_kind",
            "revoked_by",
            "revoked_by_token",
            "revoked_reason",
            "write_parity");

    private LeastPrivileges() {}

    static List<String> grants(String table, String user) {
        return List.of(grant(UPDATED_COLUMNS, table, user), grantOfUses(table, user));
    }

    static String grantOfUses(String table, String user) {
        return "GRANT SELECT, INSERT, UPDATE, DELETE ON " + Dialect.usesOf(table) + " TO " + user;
    }

    static String grantAllButUpdateOf(String column, String table, String user) {
        return grant(
                UPDATED_COLUMNS.stream().filter(other -> !other.equals(column)).toList(), table, user);
    }

    private static String grant(List<String> updated, String table, String user) {
        String columns = updated.stream().collect(Collectors.joining(", ", "(", ")"));
        return "GRANT SELECT, INSERT, DELETE, UPDATE " + columns + " ON " + table + " TO " + user;
    }
}
