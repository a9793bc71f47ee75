package io.tokenstore.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What is measured: the ways of doing it, the first of which is what the others are compared with. */
public enum Operation {
    REVOKE(
            new Way("raw JDBC", site -> raw(site).revoke()),
            new Way("TokenRevocationService", site -> services(site).revoke()),
            new Way("JdbcTemplate, by hand", site -> Peers.jdbcTemplate(site, tokens(site))),
            new Way(
                    "Spring authorization server, indexes added",
                    site -> Peers.authorizationServer(new SpringAuthorizations(
                            site.poolOfSchema("indexed"), site.rows(), site.isPostgres(), true))),
            new Way("Spring one-time token", site -> Peers.oneTimeToken(new OneTimeTokens(site)))),
    /** For ratios to the floor alone, to a per cent: many short turns of two. */
    REVOKE_CLOSE(
            new Way("raw JDBC", site -> raw(site).revoke()),
            new Way("TokenRevocationService", site -> services(site).revoke())),
    /** Spring's schema as it is shipped has no index on the value of a token. */
    REVOKE_SHIPPED(
            new Way("raw JDBC", site -> raw(site).revoke()),
            new Way("TokenRevocationService", site -> services(site).revoke()),
            new Way(
                    "Spring authorization server, as shipped",
                    site -> Peers.authorizationServer(
                            new SpringAuthorizations(site.pool(), site.rows(), site.isPostgres(), false)))),
    AUTHENTICATE(
            new Way("raw JDBC", site -> raw(site).authenticate()),
            new Way("TokenAuthenticator", site -> services(site).authenticate())),
    ISSUE(
            new Way("raw JDBC", site -> raw(site).issue()),
            new Way("TokenIssuanceService", site -> services(site).issue())),
    LIST(
            new Way("raw JDBC", site -> raw(site).list()),
            new Way("TokenQueryService", site -> services(site).list())),
    REVOKE_ALL_1(revokeAllRaw(1), revokeAll(1)),
    REVOKE_ALL_100(revokeAllRaw(100), revokeAll(100)),
    REVOKE_ALL_10000(revokeAllRaw(10_000), revokeAll(10_000)),
    PURGE(
            new Way("raw JDBC, one DELETE", site -> new RawJdbc(site.pool(), site.halfEndedTokens()).purge()),
            new Way("TokenPurger, steps of 5,000", site -> new Services(site.halfEndedTokens()).purge())),

    MEMORY_REVOKE(
            new Way("map get, owner check, CAS", site -> new InMemory(site).revokeInMap()),
            new Way("InMemoryTokenStore", site -> new InMemory(site).revokeInStore()),
            new Way("TokenRevocationService", site -> new InMemory(site).revokeByService()),
            new Way("UUID.randomUUID, Instant.now", site -> new InMemory(site).identityAndInstant())),
    MEMORY_REVOKE_SPRING(
            new Way("map get, owner check, CAS", site -> new InMemory(site).revokeInMap()),
            new Way("TokenRevocationService", site -> new InMemory(site).revokeByService()),
            new Way("Spring in-memory authorizations", site -> new InMemory(site).revokeInSpring())),
    MEMORY_AUTHENTICATE(
            new Way("SHA-256, map get", site -> new InMemory(site).hashAndLookUp()),
            new Way("TokenAuthenticator", site -> new InMemory(site).authenticate())),
    STALENESS_MEMORY(
            new Way("without maxStaleness", site -> new InMemory(site).authenticate()),
            new Way("100 % remembered", site -> new InMemory(site).authenticateAgain(0)),
            new Way("99 % remembered", site -> new InMemory(site).authenticateAgain(100)),
            new Way("50 % remembered", site -> new InMemory(site).authenticateAgain(2))),
    STALENESS(
            new Way("without maxStaleness", site -> services(site).authenticate()),
            new Way("100 % remembered", site -> services(site).authenticateAgain(0)),
            new Way("99 % remembered", site -> services(site).authenticateAgain(100)),
            new Way("50 % remembered", site -> services(site).authenticateAgain(2))),
    MEMORY_USERNAME(
            new Way("charAt alone", site -> new InMemory(site).charAt()),
            new Way("username rule", site -> new InMemory(site).usernameRule())),

    /** Nearly each use falls into a minute that is recorded. */
    USES_RECORD(
            new Way("TokenAuthenticator", site -> Uses.authenticate(site, true, false)),
            new Way("uses recorded", site -> Uses.authenticate(site, true, true)),
            new Way("TokenAuthenticator, tokens without an end", site -> Uses.authenticate(site, false, false)),
            new Way("the same, uses recorded", site -> Uses.authenticate(site, false, true))),
    USES_FLUSH(
            new Way("raw JDBC, 1,000 rows a statement", site -> Uses.raw(site, site.rows())),
            new Way("TokenServices.flushUses", site -> Uses.ours(site, site.rows()))),
    USES_REVOKE(
            new Way("TokenRevocationService", site -> services(site).revoke()),
            new Way(
                    "during flushes of 1,000",
                    site -> Uses.during(Uses.ours(site, 1_000), services(site).revoke())),
            new Way(
                    "during 1,000 rows by raw JDBC",
                    site -> Uses.during(Uses.raw(site, 1_000), services(site).revoke()))),

    /** On pages of which the log has a whole image already; the first is the smallest table, not another way. */
    SCALE_REVOKE(scaled(false, Services::revoke)),
    SCALE_REVOKE_AFTER_CHECKPOINT(scaled(true, Services::revoke)),
    SCALE_AUTHENTICATE(scaled(false, Services::authenticate)),
    SCALE_ISSUE(scaled(false, Services::issue));

    private static final int TOKENS_OF_USER = 10;

    private final List<Way> ways;

    Operation(Way... ways) {
        this.ways = List.of(ways);
    }

    List<Way> ways() {
        return ways;
    }

    private static TokenTable tokens(Site site) {
        return site.tokens(site.rows(), TOKENS_OF_USER);
    }

    private static RawJdbc raw(Site site) {
        return new RawJdbc(site.pool(), tokens(site));
    }

    private static Services services(Site site) {
        return new Services(tokens(site));
    }

    private static Way revokeAllRaw(int each) {
        return new Way("raw JDBC", site -> new RawJdbc(site.pool(), site.tokens(site.rows(), each)).revokeAll(each));
    }

    private static Way revokeAll(int each) {
        return new Way("TokenRevocationService", site -> new Services(site.tokens(site.rows(), each)).revokeAll(each));
    }

    private interface ServiceCall {
        Contender of(Services services);
    }

    /** The same on tables of 10 thousand, 1 million, and 10 million rows, as far as the site's size goes. */
    private static Way[] scaled(boolean afterCheckpoint, ServiceCall call) {
        return IntStream.of(10_000, 1_000_000, 10_000_000)
                .mapToObj(size -> new Way(String.format(Locale.ROOT, "%,d rows", size), site -> {
                    TokenTable table = site.tokens(size, TOKENS_OF_USER);
                    return new PagesReady(site, table, afterCheckpoint, call.of(new Services(table)));
                }))
                .toArray(Way[]::new);
    }
}
