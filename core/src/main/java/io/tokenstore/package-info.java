/** Tokens and the {@link io.tokenstore.TokenStore} that keeps them: all that the author of a store has to read. */
@NullMarked
package io.tokenstore;

import org.jspecify.annotations.NullMarked;
