/** Access tokens: the services that a host calls, and the interface that a token store implements. */
module io.tokenstore {
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.tokenstore;
    exports io.tokenstore.service;
}
