package io.tokenstore;

/**
 * Makes every JSON library that writes fields fail: Gson refuses a class, and the others follow the self-reference endlessly.
 */
final class Unwritable {

    private final Class<?> type = Unwritable.class;
    private final Unwritable self = this;
}
