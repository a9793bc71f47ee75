package io.tokenstore;

class PresentedTokenFuzzTest extends FuzzTarget {

    PresentedTokenFuzzTest() {
        super(EntryPoint.PRESENTED_TOKEN);
    }
}
