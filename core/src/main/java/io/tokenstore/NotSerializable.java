package io.tokenstore;

/**
 * Makes a JSON library fail if it is given an object that is not meant for JSON.
 *
 * <p>For an object without properties, a serializer writes <code>{}</code>, which is this API's answer for success. So each
 * type that is not meant for JSON has a property that throws. The property has no other use.
 */
public interface NotSerializable {

    /** The value of a field at which every JSON library that writes fields fails. */
    Object UNWRITABLE = new Unwritable();

    /**
     * Throws, so that a JSON library that treats this object as a bean fails.
     *
     * @return never
     * @throws UnsupportedOperationException always
     */
    default Object getNotSerializable() {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " is not for a serializer");
    }
}
