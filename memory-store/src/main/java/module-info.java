/** A token store in memory. */
module io.tokenstore.memory {
    requires transitive io.tokenstore;
    requires static org.jspecify;

    exports io.tokenstore.memory;
}
