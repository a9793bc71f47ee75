/** Keeps tokens in memory, for tests and for hosts of a single process. */
@NullMarked
package io.tokenstore.memory;

import org.jspecify.annotations.NullMarked;
