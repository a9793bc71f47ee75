/** A host that names its modules. */
module com.example.host {
    requires io.tokenstore.jdbc;
    requires io.tokenstore.memory;
}
