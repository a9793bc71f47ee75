package io.tokenstore;

class UsernameFuzzTest extends FuzzTarget {

    UsernameFuzzTest() {
        super(EntryPoint.USERNAME);
    }
}
