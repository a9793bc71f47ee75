/** A token store in a relational database. */
module io.tokenstore.jdbc {
    requires transitive io.tokenstore;
    requires transitive java.sql;
    // Jdbi needs it at run time, but an automatic module can't say so.
    requires io.leangen.geantyref;
    requires org.jdbi.v3.core;
    requires org.jdbi.v3.sqlobject;
    requires org.slf4j;
    requires static com.h2database;
    requires static org.jspecify;

    exports io.tokenstore.jdbc;

    opens io.tokenstore.jdbc to
            org.jdbi.v3.core,
            org.jdbi.v3.sqlobject;
    opens io.tokenstore.jdbc.schema.h2;
    opens io.tokenstore.jdbc.schema.mariadb;
    opens io.tokenstore.jdbc.schema.mysql;
    opens io.tokenstore.jdbc.schema.postgresql;
}
