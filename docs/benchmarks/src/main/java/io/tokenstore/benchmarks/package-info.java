/**
 * The token store against the floor and against what else there is. One command for each table, {@code revoke},
 * {@code operations}, {@code memory}, {@code scale}, {@code heap} or {@code disk}:
 *
 * <pre>{@code
 * mvn -q -B -Prun -pl docs/benchmarks -am package -Dtable=revoke
 * mvn -q -B -Prun -pl docs/benchmarks -am package -Dtable="revoke REVOKE_CLOSE.*FSYNC"
 * }</pre>
 *
 * <p>The second runs the cells that the expression finds. With {@code taskset -c 0} before it, client and server share one
 * processor, which gives the sharpest ratios.
 */
@NullMarked
package io.tokenstore.benchmarks;

import org.jspecify.annotations.NullMarked;
