package io.tokenstore.jdbc;

import io.tokenstore.jdbc.database.Servers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Empty databases, a new one for each test. */
enum FreshDatabase {
    H2 {
        @Override
        String url() {
            return io.tokenstore.jdbc.H2.memoryUrl() + ";DB_CLOSE_DELAY=-1";
        }
    },
    POSTGRESQL {
        @Override
        String url() {
            return Servers.postgres().newDatabase();
        }
    },
    MARIADB {
        @Override
        String url() {
            return Servers.mariaDb().newDatabase();
        }
    };

    abstract String url();

    DataSource create() {
        return new DriverManagerDataSource(url());
    }

    /** The folder of this database's scripts. */
    String vendor() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the first column of what a query finds. */
    static List<String> query(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    /** Returns what a history of Flyway's names. Its columns are in lower case, which H2 tells apart. */
    static List<String> versions(DataSource dataSource, String history) throws SQLException {
        String quote;
        try (Connection connection = dataSource.getConnection()) {
            quote = connection.getMetaData().getIdentifierQuoteString();
        }
        String sql = "SELECT 'version' FROM 'history' WHERE 'version' IS NOT NULL ORDER BY 'installed_rank'";
        return query(dataSource, sql.replace("history", history).replace("'", quote));
    }
}
