/** What is kept: tokens, and the {@link io.tokenstore.TokenStore} that keeps them; all that the author of a store reads. */
@NullMarked
package io.tokenstore;

import org.jspecify.annotations.NullMarked;
