package io.tokenstore;

class AuthorizationFuzzTest extends FuzzTarget {

    AuthorizationFuzzTest() {
        super(EntryPoint.AUTHORIZATION);
    }
}
