package io.tokenstore.service;

class TextFuzzTest extends FuzzTarget {

    TextFuzzTest() {
        super(EntryPoint.TEXT);
    }
}
