/** Keeps tokens in a relational database: the host's own, or an embedded one. */
@NullMarked
package io.tokenstore.jdbc;

import org.jspecify.annotations.NullMarked;
