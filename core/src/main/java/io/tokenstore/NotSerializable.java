package io.tokenstore;

/**
 * Makes a JSON library that is handed the wrong object fail.
 *
 * <p>A serializer that finds nothing to write in an object writes <code>{}</code>, which is this API's answer for success;
 * so each type that is not meant for one has a property that throws. It is of no other use.
 */
public interface NotSerializable {

    /** The value of a field, for the libraries that write fields: each fails at it. */
    Object UNWRITABLE = new Unwritable();

    /**
     * Throws, so that a JSON library that takes this object for a bean fails.
     *
     * @return never
     * @throws UnsupportedOperationException always
     */
    default Object getNotSerializable() {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " is not for a serializer");
    }
}
