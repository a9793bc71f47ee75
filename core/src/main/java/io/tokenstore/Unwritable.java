package io.tokenstore;

/** What every JSON library that writes fields fails at: Gson refuses a class, and to the others the object has no end. */
final class Unwritable {

    private final Class<?> type = Unwritable.class;
    private final Unwritable self = this;
}
