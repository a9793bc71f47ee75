package io.tokenstore.contract;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Stores that read a text as an address, a path or a number of it, or keep less of it. */
final class BrokenEncodings {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(ActivatesByThePath::new, Rule.R24),
            Map.entry(FindsAllInAnyCase::new, Rule.R10),
            Map.entry(ListsAfterWhatItDecoded::new, Rule.R14),
            Map.entry(ScansAfterWhatItDecoded::new, Rule.R21),
            Map.entry(ListsByTheHashCode::new, Rule.R10),
            Map.entry(FindAllDecodesNames::new, Rule.R26),
            Map.entry(AddAllRefusesAlikeLongIds::new, Rule.R25),
            Map.entry(KeepsVersionsAsFloats::new, Rule.R1),
            Map.entry(KeepsThirtyTwoScopes::new, Rule.R1),
            Map.entry(ActivateCutsNames::new, Rule.R23));

    private BrokenEncodings() {}

    private static String decoded(String text) {
        try {
            String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            return decoded.isBlank() ? text : decoded;
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static TokenId decoded(TokenId after) {
        return after == null ? null : TokenId.of(decoded(after.value())).orElse(after);
    }

    static final class ActivatesByThePath extends TreeMapStore {
        @Override
        public synchronized boolean activate(Owner owner, TokenId id) {
            String path = id.value().replaceAll("/+", "/").replaceAll("(.)/$", "$1");
            return super.activate(owner, new TokenId(path));
        }
    }

    static final class FindsAllInAnyCase extends TreeMapStore {
        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            super.findAll(ids);
            TreeSet<String> wanted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            ids.forEach(id -> wanted.add(id.value()));
            return tokens.values().stream()
                    .filter(token -> wanted.contains(token.id().value()))
                    .collect(Collectors.toUnmodifiableMap(Token::id, token -> token));
        }
    }

    static final class ListsAfterWhatItDecoded extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            return super.list(owner, decoded(after), limit);
        }
    }

    static final class ScansAfterWhatItDecoded extends TreeMapStore {
        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            return super.scan(decoded(after), limit);
        }
    }

    static final class ListsByTheHashCode extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            super.list(owner, after, limit);
            return BrokenOwners.page(
                    tokens.values().stream()
                            .filter(token -> token.owner().value().hashCode()
                                    == owner.value().hashCode()),
                    after,
                    limit);
        }
    }

    static final class FindAllDecodesNames extends TreeMapStore {
        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            return super.findAll(ids).values().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            Token::id, token -> Alterations.named(token, decoded(token.name()))));
        }
    }

    static final class AddAllRefusesAlikeLongIds extends TreeMapStore {
        @Override
        public synchronized void addAll(Collection<Token> added) {
            if (added.stream().map(token -> cut(token.id())).distinct().count() < added.size()) {
                throw new DuplicateTokenException();
            }
            super.addAll(added);
        }

        private static String cut(TokenId id) {
            return id.value().substring(0, Math.min(250, id.value().length()));
        }
    }

    static final class KeepsVersionsAsFloats extends TreeMapStore {
        @Override
        public synchronized void add(Token token) {
            float version = token.minReaderVersion();
            super.add(token.toBuilder().minReaderVersion((int) version).build());
        }
    }

    static final class KeepsThirtyTwoScopes extends TreeMapStore {
        @Override
        public synchronized void add(Token token) {
            boolean many = token.scopes().toList().size() > 32;
            super.add(
                    many
                            ? token.toBuilder()
                                    .scopes(Scopes.of(token.scopes().toList().subList(0, 32)))
                                    .build()
                            : token);
        }
    }

    /** Has nothing to write for a token without a predecessor. */
    static final class ActivateCutsNames extends TreeMapStore {
        @Override
        public synchronized boolean activate(Owner owner, TokenId id) {
            boolean pending = find(id).map(Token::predecessor).isPresent();
            boolean activated = super.activate(owner, id);
            if (pending && activated) {
                tokens.computeIfPresent(
                        id,
                        (key, token) -> Alterations.named(token, token.name().split("(?<=.)\\$")[0]));
            }
            return activated;
        }
    }
}
