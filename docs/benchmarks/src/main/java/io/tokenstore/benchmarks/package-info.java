/** The token store against the floor and against what else there is. */
@NullMarked
package io.tokenstore.benchmarks;

import org.jspecify.annotations.NullMarked;
