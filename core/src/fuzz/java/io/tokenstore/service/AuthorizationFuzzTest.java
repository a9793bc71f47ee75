package io.tokenstore.service;

class AuthorizationFuzzTest extends FuzzTarget {

    AuthorizationFuzzTest() {
        super(EntryPoint.AUTHORIZATION);
    }
}
