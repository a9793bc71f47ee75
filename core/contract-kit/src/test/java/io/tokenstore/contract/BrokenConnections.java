package io.tokenstore.contract;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.contract.FailureContract.Fate;
import io.tokenstore.fixtures.TreeMapStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Named;

/** Stores that are right as long as no request and no reply is lost. */
final class BrokenConnections {

    private static final TokenPage EMPTY = new TokenPage(List.of(), null);

    static final List<Named<Function<Supplier<Fate>, TokenStore>>> RULE_34_BROKEN_BY = List.of(
            Named.of("add returns", fates -> new Swallows(fates, "add", true)),
            Named.of("addAll returns", AddAllReturns::new),
            Named.of("find is empty", fates -> new Swallows(fates, "find", Optional.empty())),
            Named.of("findAll is empty", FindAllIsEmpty::new),
            Named.of("list is empty", fates -> new Swallows(fates, "list", EMPTY)),
            Named.of("scan is empty", fates -> new Swallows(fates, "scan", EMPTY)),
            Named.of("revoke is false", fates -> new Swallows(fates, "revoke", false)),
            Named.of("revoke is true", fates -> new Swallows(fates, "revoke", true)),
            Named.of("revokeAll is 0", fates -> new Swallows(fates, "revokeAll", 0)),
            Named.of("revokeAll is 2", fates -> new Swallows(fates, "revokeAll", 2)),
            Named.of("activate is false", fates -> new Swallows(fates, "activate", false)),
            Named.of("activate is true", fates -> new Swallows(fates, "activate", true)),
            Named.of("purge is at its end", fates -> new Swallows(fates, "purge", new PurgePage(0, null))),
            Named.of("add is not applied", fates -> new SaysNo(fates, "add")),
            Named.of("addAll is not applied", AddAllSaysNo::new),
            Named.of("revoke is not applied", fates -> new SaysNo(fates, "revoke")),
            Named.of("revokeAll is not applied", fates -> new SaysNo(fates, "revokeAll")),
            Named.of("activate is not applied", fates -> new SaysNo(fates, "activate")),
            Named.of("purge is not applied", fates -> new SaysNo(fates, "purge")),
            Named.of(
                    "a hash in hexadecimal in the message",
                    fates -> new Shows(fates, Where.MESSAGE, HexFormat.of()::formatHex)),
            Named.of(
                    "a hash in base64 in a cause",
                    fates -> new Shows(fates, Where.CAUSE, Base64.getEncoder()::encodeToString)),
            Named.of(
                    "a hash as an array in a suppressed one",
                    fates -> new Shows(fates, Where.SUPPRESSED, Arrays::toString)),
            Named.of("the owner in the message", ShowsTheOwner::new),
            Named.of("no fault at all", fates -> new TreeMapStore()),
            Named.of("stays broken", StaysBroken::new),
            Named.of("add is a duplicate of itself", AddsAgain::new),
            Named.of("add is a duplicate whose first try is a failure", TellsADuplicateOfAnything::new),
            Named.of("a repeated revoke is false", RevokesAgain::new),
            Named.of("revokeAll counts its last try", RevokesAllAgain::new),
            Named.of("add in two requests", AddsInTwoRequests::new),
            Named.of("find returns what it saw", FindRemembers::new));

    private BrokenConnections() {}

    /** As a fallback while the database is away. */
    private static final class FindRemembers extends RemoteStore {
        private final Map<TokenId, Token> seen = new ConcurrentHashMap<>();

        FindRemembers(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        public Optional<Token> find(TokenId id) {
            try {
                Optional<Token> found = super.find(id);
                found.ifPresent(token -> seen.put(id, token));
                return found;
            } catch (TokenStoreException e) {
                if (seen.containsKey(id)) {
                    return Optional.of(seen.get(id));
                }
                throw e;
            }
        }
    }

    /** Logs, and answers something. */
    private static final class Swallows extends RemoteStore {
        private final String swallowing;
        private final Object answer;

        Swallows(Supplier<Fate> fates, String swallowing, Object answer) {
            super(fates);
            this.swallowing = swallowing;
            this.answer = answer;
        }

        @Override
        @SuppressWarnings("unchecked")
        <T> T failed(String method, ConnectionLost lost, List<Token> given) {
            return method.equals(swallowing) ? (T) answer : super.failed(method, lost, given);
        }
    }

    private static final class AddAllReturns extends RemoteStore {
        AddAllReturns(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        public void addAll(Collection<Token> tokens) {
            try {
                super.addAll(tokens);
            } catch (TokenStoreException e) {
                return;
            }
        }
    }

    /** Leaves out what it can't find, for whatever reason. */
    private static final class FindAllIsEmpty extends RemoteStore {
        FindAllIsEmpty(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        public Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            try {
                return super.findAll(ids);
            } catch (TokenStoreException e) {
                return Map.of();
            }
        }
    }

    private static final class SaysNo extends RemoteStore {
        private final String saying;

        SaysNo(Supplier<Fate> fates, String saying) {
            super(fates);
            this.saying = saying;
        }

        @Override
        <T> T failed(String method, ConnectionLost lost, List<Token> given) {
            if (method.equals(saying)) {
                throw new TokenStoreException("failed", Applied.NO, lost);
            }
            return super.failed(method, lost, given);
        }
    }

    /** Of the first that fails, although the ones before are kept. */
    private static final class AddAllSaysNo extends RemoteStore {
        AddAllSaysNo(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        public void addAll(Collection<Token> tokens) {
            tokens.forEach(this::add);
        }
    }

    private enum Where {
        MESSAGE,
        CAUSE,
        SUPPRESSED
    }

    private static final class Shows extends RemoteStore {
        private final Where where;
        private final Function<byte[], String> form;

        Shows(Supplier<Fate> fates, Where where, Function<byte[], String> form) {
            super(fates);
            this.where = where;
            this.form = form;
        }

        @Override
        <T> T failed(String method, ConnectionLost lost, List<Token> given) {
            String shown = given.stream()
                    .map(token -> "VALUES ("
                            + form.apply(Objects.requireNonNull(token.hash()).toBytes()) + ")")
                    .findFirst()
                    .orElse("nothing");
            Exception driver = new IllegalStateException(shown, lost);
            TokenStoreException failure = new TokenStoreException(
                    where == Where.MESSAGE ? shown : "failed",
                    Applied.UNKNOWN,
                    where == Where.CAUSE ? new IllegalStateException("failed", driver) : lost);
            if (where == Where.SUPPRESSED) {
                failure.addSuppressed(driver);
            }
            throw failure;
        }
    }

    private static final class ShowsTheOwner extends RemoteStore {
        ShowsTheOwner(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            try {
                return super.revokeAll(owner, revocation);
            } catch (TokenStoreException e) {
                throw new TokenStoreException("failed to revoke all of " + owner, Applied.UNKNOWN, null);
            }
        }
    }

    /** As a pool that keeps its broken connection. */
    private static final class StaysBroken extends RemoteStore {
        private ConnectionLost broken;

        StaysBroken(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        <T> T answer(String method, List<Token> given, Supplier<T> call) {
            return broken == null ? super.answer(method, given, call) : failed(method, broken, given);
        }

        @Override
        <T> T failed(String method, ConnectionLost lost, List<Token> given) {
            broken = lost;
            return super.failed(method, new ConnectionLost(true), given);
        }
    }

    /** As a driver that sends a request again. */
    private static final class AddsAgain extends RemoteStore {
        AddsAgain(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        <T> T answer(String method, List<Token> given, Supplier<T> call) {
            try {
                return request(call);
            } catch (ConnectionLost e) {
                return super.answer(method, given, call);
            }
        }
    }

    private static final class TellsADuplicateOfAnything extends RemoteStore {
        TellsADuplicateOfAnything(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        <T> T failed(String method, ConnectionLost lost, List<Token> given) {
            if (method.equals("add")) {
                throw new DuplicateTokenException();
            }
            return super.failed(method, lost, given);
        }
    }

    /** And takes its own revocation for another one. */
    private static final class RevokesAgain extends RemoteStore {
        RevokesAgain(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            try {
                return request(() -> database.revoke(owner, id, revocation));
            } catch (ConnectionLost e) {
                return find(id).filter(token -> token.revocation() == null).isPresent()
                        && super.revoke(owner, id, revocation);
            }
        }
    }

    private static final class RevokesAllAgain extends RemoteStore {
        RevokesAllAgain(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            try {
                return request(() -> database.revokeAll(owner, revocation));
            } catch (ConnectionLost e) {
                return answer("revokeAll", List.of(), () -> {
                    long live = database.list(owner, null, MAX_PAGE).tokens().stream()
                            .filter(token -> token.revocation() == null)
                            .count();
                    database.revokeAll(owner, revocation);
                    return (int) live;
                });
            }
        }
    }

    /** First the token, then an entry by which it is listed. */
    private static final class AddsInTwoRequests extends RemoteStore {
        private final Set<TokenId> listed = new HashSet<>();

        AddsInTwoRequests(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        public void add(Token token) {
            super.add(token);
            try {
                request(() -> listed.add(token.id()));
            } catch (ConnectionLost e) {
                throw new TokenStoreException("failed to add", Applied.UNKNOWN, e);
            }
        }

        @Override
        public TokenPage list(Owner owner, TokenId after, int limit) {
            TokenPage page = super.list(owner, after, limit);
            return new TokenPage(
                    page.tokens().stream()
                            .filter(token -> listed.contains(token.id()))
                            .toList(),
                    page.resumeAfter());
        }
    }
}
