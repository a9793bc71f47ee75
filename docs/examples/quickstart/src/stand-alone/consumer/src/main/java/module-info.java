/** A host that names its modules. */
module com.example.host {
    // EmbeddedTokenStore's pool, which is optional to the store and so is the host's to require.
    requires com.zaxxer.hikari;
    requires io.tokenstore.jdbc;
    requires io.tokenstore.memory;
}
