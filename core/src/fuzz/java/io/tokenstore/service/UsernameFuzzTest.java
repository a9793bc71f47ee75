package io.tokenstore.service;

class UsernameFuzzTest extends FuzzTarget {

    UsernameFuzzTest() {
        super(EntryPoint.USERNAME);
    }
}
