package io.tokenstore;

class TextFuzzTest extends FuzzTarget {

    TextFuzzTest() {
        super(EntryPoint.TEXT);
    }
}
