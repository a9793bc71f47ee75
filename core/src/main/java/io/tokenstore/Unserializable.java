package io.tokenstore;

/**
 * Makes a JSON library that is handed the wrong object fail.
 *
 * <p>A serializer that finds nothing to write in an object writes <code>{}</code>, which is this API's answer for success;
 * so it is given one property, which throws. It is public in the classes that have it, as getters must be, and of no other use.
 */
interface Unserializable {

    /**
     * Throws, so that a JSON library that takes this object for a bean fails.
     *
     * @return never
     * @throws UnsupportedOperationException always
     */
    default Object getUnserializable() {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " is not for a serializer");
    }
}
