package io.tokenstore.service;

class PresentedTokenFuzzTest extends FuzzTarget {

    PresentedTokenFuzzTest() {
        super(EntryPoint.PRESENTED_TOKEN);
    }
}
