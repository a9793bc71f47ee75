/** A token store on Apache Cassandra, for hosts that outgrow one writer. */
@NullMarked
package io.tokenstore.examples.cassandra;

import org.jspecify.annotations.NullMarked;
