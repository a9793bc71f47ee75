package io.tokenstore.service;

class BareTokenFuzzTest extends FuzzTarget {

    BareTokenFuzzTest() {
        super(EntryPoint.BARE_TOKEN);
    }
}
