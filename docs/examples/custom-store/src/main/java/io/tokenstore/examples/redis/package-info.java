/** A host's own token store on Redis, which the guide to writing a store builds step by step. */
@NullMarked
package io.tokenstore.examples.redis;

import org.jspecify.annotations.NullMarked;
