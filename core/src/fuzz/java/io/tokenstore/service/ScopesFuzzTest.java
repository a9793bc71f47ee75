package io.tokenstore.service;

class ScopesFuzzTest extends FuzzTarget {

    ScopesFuzzTest() {
        super(EntryPoint.SCOPES);
    }
}
