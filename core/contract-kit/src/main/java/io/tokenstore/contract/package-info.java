/**
 * Tests that a {@link io.tokenstore.TokenStore} keeps its promises: numbered rules, as tests that a store's test class
 * inherits.
 */
@NullMarked
package io.tokenstore.contract;

import org.jspecify.annotations.NullMarked;
