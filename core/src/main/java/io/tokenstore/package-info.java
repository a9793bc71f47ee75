/**
 * Revokes user access tokens, whatever store holds them: {@link io.tokenstore.TokenRevocationService} decides,
 * {@link io.tokenstore.TokenStore} remembers.
 */
@NullMarked
package io.tokenstore;

import org.jspecify.annotations.NullMarked;
