package io.tokenstore.contract;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Stores that call themselves for each token, and need a larger stack the more there are. */
final class BrokenRecursions {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.of(
            RevokesAllByRecursion::new, Rule.R32,
            PurgesByRecursion::new, Rule.R32,
            ListsByRecursion::new, Rule.R32);

    private BrokenRecursions() {}

    static final class RevokesAllByRecursion extends ConcurrentStore {
        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            Objects.requireNonNull(owner);
            Objects.requireNonNull(revocation);
            return tokens.isEmpty() ? 0 : revokeFrom(tokens.firstKey(), owner, revocation);
        }

        private int revokeFrom(TokenId id, Owner owner, Revocation revocation) {
            int one = revoke(owner, id, revocation) ? 1 : 0;
            TokenId next = tokens.higherKey(id);
            return next == null ? one : one + revokeFrom(next, owner, revocation);
        }
    }

    static final class PurgesByRecursion extends ConcurrentStore {
        @Override
        public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            PurgePage one = super.purge(endedBefore, after, Math.min(1, maxExamined));
            if (maxExamined == 1 || one.resumeAfter() == null) {
                return one;
            }
            PurgePage rest = purge(endedBefore, one.resumeAfter(), maxExamined - 1);
            return new PurgePage(one.removed() + rest.removed(), rest.resumeAfter());
        }
    }

    /** Passes over the tokens of others. */
    static final class ListsByRecursion extends ConcurrentStore {
        @Override
        public TokenPage list(Owner owner, TokenId after, int limit) {
            super.list(owner, null, limit);
            List<Token> page = new ArrayList<>();
            if (!tokens.isEmpty()) {
                listFrom(after == null ? tokens.firstKey() : tokens.higherKey(after), owner, limit, page);
            }
            return new TokenPage(
                    page, page.size() < limit ? null : page.get(limit - 1).id());
        }

        private void listFrom(TokenId id, Owner owner, int limit, List<Token> page) {
            Token token = id == null ? null : tokens.get(id);
            if (token == null || page.size() == limit) {
                return;
            }
            if (token.owner().equals(owner)) {
                page.add(token);
            }
            listFrom(tokens.higherKey(id), owner, limit, page);
        }
    }
}
