package io.tokenstore.jdbc.database;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Knows a request by a text in it, because drivers send a prepared statement's parameters but not its SQL again. */
final class RequestTrap {

    private final String bytes;
    private final Fault fault;
    private final CompletableFuture<Void> sprung = new CompletableFuture<>();

    RequestTrap(String text, Fault fault) {
        this.bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        this.fault = fault;
    }

    /** Whether the text ends in the new bytes, given as one character each; it may have begun in the earlier ones. */
    boolean catches(String earlierBytes, String newBytes) {
        int begun = Math.min(earlierBytes.length(), bytes.length() - 1);
        return (earlierBytes.substring(earlierBytes.length() - begun) + newBytes).contains(bytes);
    }

    Fault fault() {
        return fault;
    }

    void spring() {
        sprung.complete(null);
    }

    CompletableFuture<Void> sprung() {
        return sprung;
    }
}
