package io.tokenstore.examples.micronaut;

import io.micronaut.runtime.Micronaut;
import io.micronaut.serde.annotation.SerdeImport;
import io.tokenstore.Violation;
import io.tokenstore.service.ErrorResponse;
import io.tokenstore.service.TokenListing;
import io.tokenstore.service.TokenSummary;

// tag::json[]
/** The host; the records named here become JSON. */
@SerdeImport(ErrorResponse.class)
@SerdeImport(Violation.class)
@SerdeImport(TokenListing.class)
@SerdeImport(TokenSummary.class)
// end::json[]
final class MicronautHost {

    private MicronautHost() {}

    public static void main(String[] arguments) {
        Micronaut.run(MicronautHost.class, arguments);
    }
}
