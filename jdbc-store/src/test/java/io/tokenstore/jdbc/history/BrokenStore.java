package io.tokenstore.jdbc.history;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.jdbc.JdbcTokenStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Mistakes against each promise, one store each; most of them show only where calls meet. */
enum BrokenStore {
    ADDS_WHAT_IT_DID_NOT_SEE(Symptom.ANY, dataSource -> new Base(dataSource) {
        @Override
        public void add(Token token) {
            if (find(token.id()).isPresent()) {
                throw new DuplicateTokenException();
            }
            letOthersIn();
            execute("DELETE FROM access_tokens WHERE id = ?", token.id());
            super.add(token);
        }
    }),

    FINDS_FROM_A_CACHE_THAT_IS_FILLED_LATE(Symptom.ANY, dataSource -> new Base(dataSource) {

        private final Map<TokenId, Token> cache = new ConcurrentHashMap<>();

        @Override
        public Optional<Token> find(TokenId id) {
            Token cached = cache.get(id);
            if (cached != null) {
                return Optional.of(cached);
            }
            Optional<Token> found = super.find(id);
            letOthersIn();
            found.ifPresent(token -> cache.put(id, token));
            return found;
        }

        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation how) {
            boolean revoked = super.revoke(owner, id, how);
            cache.remove(id);
            return revoked;
        }

        @Override
        public int revokeAll(Owner owner, Revocation how) {
            int revoked = super.revokeAll(owner, how);
            cache.clear();
            return revoked;
        }

        @Override
        public PurgePage purge(Instant endedBefore, TokenId after, int examine) {
            PurgePage page = super.purge(endedBefore, after, examine);
            cache.clear();
            return page;
        }
    }),

    REVOKES_WHAT_IT_SAW_LIVE(Symptom.ANY, dataSource -> new Base(dataSource) {
        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation how) {
            boolean live = find(id).filter(token -> token.revocation() == null).isPresent();
            letOthersIn();
            return live ? overwrite(owner, id, how) : super.revoke(owner, id, how);
        }
    }),

    LETS_THE_LAST_REVOCATION_WIN(Symptom.ANY, dataSource -> new Base(dataSource) {
        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation how) {
            return overwrite(owner, id, how);
        }
    }),

    REVOKES_ALL_THAT_IT_LISTED_LAST(Symptom.ANY, dataSource -> new Base(dataSource) {

        private final Map<Owner, List<Token>> pages = new ConcurrentHashMap<>();

        @Override
        public int revokeAll(Owner owner, Revocation how) {
            List<Token> page =
                    pages.computeIfAbsent(owner, of -> list(of, null, MAX_PAGE).tokens());
            int revoked = (int) page.stream()
                    .filter(token -> revoke(owner, token.id(), how))
                    .count();
            pages.put(owner, list(owner, null, MAX_PAGE).tokens());
            return revoked;
        }
    }),

    COUNTS_WHAT_IT_IS_ABOUT_TO_REVOKE(Symptom.REVOKED, dataSource -> new Base(dataSource) {
        @Override
        public int revokeAll(Owner owner, Revocation how) {
            int live = (int) list(owner, null, MAX_PAGE).tokens().stream()
                    .filter(token -> token.revocation() == null)
                    .count();
            letOthersIn();
            super.revokeAll(owner, how);
            return live;
        }
    }),

    LISTS_IN_TWO_LOOKS(Symptom.ORDER, dataSource -> new Base(dataSource) {
        @Override
        public TokenPage list(Owner owner, TokenId after, int limit) {
            return inTwoLooks(limit, () -> super.list(owner, after, limit));
        }
    }),

    SCANS_IN_TWO_LOOKS(Symptom.ORDER, dataSource -> new Base(dataSource) {
        @Override
        public TokenPage scan(TokenId after, int limit) {
            return inTwoLooks(limit, () -> super.scan(after, limit));
        }
    }),

    ACTIVATES_WHAT_IT_SAW_LIVE(Symptom.ANY, dataSource -> new Base(dataSource) {
        @Override
        public boolean activate(Owner owner, TokenId id) {
            Optional<Token> live = find(id).filter(token -> token.owner().equals(owner) && token.revocation() == null);
            letOthersIn();
            return live.isPresent() && execute("UPDATE access_tokens SET predecessor = NULL WHERE id = ?", id) == 1;
        }
    }),

    ADDS_ALL_THAT_IT_DID_NOT_SEE(Symptom.ANY, dataSource -> new Base(dataSource) {
        @Override
        public void addAll(Collection<Token> tokens) {
            if (tokens.stream().anyMatch(token -> find(token.id()).isPresent())) {
                throw new DuplicateTokenException();
            }
            letOthersIn();
            tokens.forEach(token -> execute("DELETE FROM access_tokens WHERE id = ?", token.id()));
            super.addAll(tokens);
        }
    }),

    FINDS_ALL_BUT_WHAT_IT_FOUND_BEFORE(Symptom.ORDER, dataSource -> new Base(dataSource) {

        private final Map<TokenId, Token> found = new ConcurrentHashMap<>();

        @Override
        public Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            Map<TokenId, Token> all = new HashMap<>(super.findAll(ids));
            all.replaceAll((id, token) -> found.getOrDefault(id, token));
            found.putAll(all);
            return all;
        }
    }),

    PURGES_WHAT_IT_SAW_ENDED(Symptom.ANY, dataSource -> new Base(dataSource) {
        @Override
        public PurgePage purge(Instant endedBefore, TokenId after, int examine) {
            List<Token> page = page(after, examine);
            letOthersIn();
            int removed = page.stream()
                    .filter(token -> endedBefore(token, endedBefore))
                    .mapToInt(token -> execute("DELETE FROM access_tokens WHERE id = ?", token.id()))
                    .sum();
            return new PurgePage(
                    removed,
                    page.size() < examine ? null : page.get(examine - 1).id());
        }
    }),

    COUNTS_WHAT_IT_IS_ABOUT_TO_PURGE(Symptom.PURGED, dataSource -> new Base(dataSource) {
        @Override
        public PurgePage purge(Instant endedBefore, TokenId after, int examine) {
            int ended = (int) page(after, examine).stream()
                    .filter(token -> endedBefore(token, endedBefore))
                    .count();
            letOthersIn();
            return new PurgePage(ended, super.purge(endedBefore, after, examine).resumeAfter());
        }
    });

    private final String symptom;
    private final Function<DataSource, TokenStore> make;

    BrokenStore(String symptom, Function<DataSource, TokenStore> make) {
        this.symptom = symptom;
        this.make = make;
    }

    /** A pattern of what is said of a history on it. */
    String symptom() {
        return symptom;
    }

    TokenStore on(DataSource dataSource) {
        return make.apply(dataSource);
    }

    /** What a round says of a broken promise. */
    private static final class Symptom {

        static final String ORDER = "No order explains";
        static final String REVOKED = "What a revokeAll counted";
        static final String PURGED = "not counted by a purge";
        /** Of a token that is written over or removed, a count tells as well, and sometimes alone. */
        static final String ANY = String.join("|", ORDER, REVOKED, PURGED);
    }

    /** The right store, and what the broken ones do instead. */
    private static class Base implements TokenStore {

        private final DataSource dataSource;
        private final TokenStore right;
        private final NavigableSet<TokenId> known = new ConcurrentSkipListSet<>();

        Base(DataSource dataSource) {
            this.dataSource = dataSource;
            this.right = JdbcTokenStore.create(dataSource);
        }

        @Override
        public void add(Token token) {
            known.add(token.id());
            right.add(token);
        }

        @Override
        public Optional<Token> find(TokenId id) {
            return right.find(id);
        }

        @Override
        public void addAll(Collection<Token> tokens) {
            tokens.forEach(token -> known.add(token.id()));
            right.addAll(tokens);
        }

        @Override
        public Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            return right.findAll(ids);
        }

        @Override
        public TokenPage list(Owner owner, TokenId after, int limit) {
            return right.list(owner, after, limit);
        }

        @Override
        public TokenPage scan(TokenId after, int limit) {
            return right.scan(after, limit);
        }

        @Override
        public boolean activate(Owner owner, TokenId id) {
            return right.activate(owner, id);
        }

        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation how) {
            return right.revoke(owner, id, how);
        }

        @Override
        public int revokeAll(Owner owner, Revocation how) {
            return right.revokeAll(owner, how);
        }

        @Override
        public PurgePage purge(Instant endedBefore, TokenId after, int examine) {
            return right.purge(endedBefore, after, examine);
        }

        /** What a step of a purge is to examine, by a look at one token after the other. */
        List<Token> page(TokenId after, int examine) {
            return (after == null ? known : known.tailSet(after, false))
                    .stream().flatMap(id -> find(id).stream()).limit(examine).toList();
        }

        static boolean endedBefore(Token token, Instant instant) {
            return token.endsAt() != null && token.endsAt().isBefore(instant);
        }

        /** Between look and write a store over a network lets others in for as long as this. */
        static void letOthersIn() {
            LockSupport.parkNanos(200_000);
        }

        /** What is revoked by the first look, and what is not by the second. */
        static TokenPage inTwoLooks(int limit, Supplier<TokenPage> look) {
            Map<TokenId, Token> page = new TreeMap<>();
            look.get().tokens().stream()
                    .filter(token -> token.revocation() != null)
                    .forEach(token -> page.put(token.id(), token));
            letOthersIn();
            look.get().tokens().stream()
                    .filter(token -> token.revocation() == null)
                    .forEach(token -> page.put(token.id(), token));
            List<Token> both = page.values().stream().limit(limit).toList();
            return new TokenPage(
                    both, both.size() < limit ? null : both.get(limit - 1).id());
        }

        /** Writes the revocation whether there is another or not. */
        boolean overwrite(Owner owner, TokenId id, Revocation how) {
            try (Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                execute(
                        connection,
                        "UPDATE access_tokens SET revocation_id = NULL, revoked_at = NULL, revoked_by = NULL,"
                                + " revoked_by_kind = NULL, revoked_by_token = NULL,"
                                + " revoked_reason = NULL WHERE id = ?",
                        id);
                boolean revoked = JdbcTokenStore.joining(connection).revoke(owner, id, how);
                if (revoked) {
                    connection.commit();
                } else {
                    connection.rollback();
                }
                return revoked;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        int execute(String sql, TokenId id) {
            try (Connection connection = dataSource.getConnection()) {
                return execute(connection, sql, id);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private static int execute(Connection connection, String sql, TokenId id) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, id.value());
                return statement.executeUpdate();
            }
        }
    }
}
