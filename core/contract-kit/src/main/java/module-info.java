/** The contract of a token store, as tests that a store's test class inherits. */
module io.tokenstore.contract {
    requires transitive io.tokenstore;
    requires transitive org.junit.jupiter.api;
    requires transitive org.junit.jupiter.params;
    requires java.management;
    requires org.assertj.core;
    requires static org.jspecify;

    exports io.tokenstore.contract;

    // JUnit must create the extension, which is not public.
    opens io.tokenstore.contract to
            org.junit.platform.commons;
}
