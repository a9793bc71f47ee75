package io.tokenstore.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Token;
import io.tokenstore.TokenStoreException;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an exception must not show, because a host logs it. */
final class Leaks {

    private Leaks() {}

    /** Looks for hashes in the exception and its causes, and for anything of a token in the store's own message. */
    static void verifyNone(Throwable thrown, Collection<Token> tokens) {
        Set<Throwable> chain = Collections.newSetFromMap(new IdentityHashMap<>());
        collect(thrown, chain);
        for (Token token : tokens) {
            ShownBytes hash =
                    new ShownBytes(Objects.requireNonNull(token.hash()).toBytes());
            for (Throwable each : chain) {
                assertThat(hash.isIn(each.toString()))
                        .as(
                                "%s, of %s, shows a hash",
                                each.getClass().getName(), thrown.getClass().getName())
                        .isFalse();
            }
            if (thrown instanceof TokenStoreException) {
                assertThat(thrown.getMessage()).as("What the store says").doesNotContain(textsOf(token));
            }
        }
    }

    private static String[] textsOf(Token token) {
        Stream<String> own = Stream.of(token.id().value(), token.owner().value(), token.name());
        Stream<@Nullable String> ofRevocation = Stream.ofNullable(token.revocation())
                .flatMap(revocation ->
                        Stream.of(revocation.id().toString(), revocation.by().name(), revocation.reason()));
        return Stream.concat(own, ofRevocation).filter(Objects::nonNull).toArray(String[]::new);
    }

    private static void collect(@Nullable Throwable thrown, Set<Throwable> chain) {
        if (thrown == null || !chain.add(thrown)) {
            return;
        }
        collect(thrown.getCause(), chain);
        for (Throwable suppressed : thrown.getSuppressed()) {
            collect(suppressed, chain);
        }
        if (thrown instanceof Iterable<?> next) { // As in an SQLException.
            next.forEach(each -> collect(each instanceof Throwable one ? one : null, chain));
        }
    }
}
