/** A token store of a host's own, on Redis: what the guide to writing one builds step by step. */
@NullMarked
package io.tokenstore.examples.redis;

import org.jspecify.annotations.NullMarked;
