package io.tokenstore.examples.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Three nodes, of which each keeps every row; one cluster for a whole run of the tests, which ends with the JVM. */
final class CassandraCluster {

    private static final Duration SLOWEST_START = Duration.ofMinutes(3);
    private static final String PROBE = "probe";
    private static final String LAST_TABLE = "token_uses";
    private static final DriverConfigLoader SETTINGS = DriverConfigLoader.programmaticBuilder()
            .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(5))
            .withInt(DefaultDriverOption.REQUEST_PAGE_SIZE, 300) // Smaller than the store's own pages.
            .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(10))
            .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(10))
            .withDuration(DefaultDriverOption.CONTROL_CONNECTION_AGREEMENT_INTERVAL, Duration.ofMillis(10))
            .withDuration(DefaultDriverOption.METADATA_SCHEMA_WINDOW, Duration.ofMillis(10))
            .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(100))
            .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(1))
            .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
            .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
            .build();

    private final List<CassandraNode> nodes = new ArrayList<>();
    private final CqlSession session;
    private final Map<CassandraNode, CqlSession> coordinators = new HashMap<>();

    private CassandraCluster() throws IOException, InterruptedException {
        Path folder = Path.of("target", "cassandra").toAbsolutePath();
        delete(folder);
        String classPath = Files.readString(Path.of("target", "node.classpath")).strip();
        int port = freePort();
        int storagePort = freePort();
        for (int number = 0; number < 3; number++) {
            nodes.add(new CassandraNode(folder.resolve("node" + number), number, port, storagePort, classPath));
        }
        nodes.forEach(CassandraNode::start);
        for (CassandraNode node : nodes) {
            node.awaitStart();
        }
        session = session(nodes);
        createTables(PROBE);
    }

    static CassandraCluster shared() {
        return Shared.CLUSTER;
    }

    List<CassandraNode> nodes() {
        return nodes;
    }

    /** A session that all tests share, on all nodes. */
    CqlSession session() {
        return session;
    }

    /** A session that all tests share, on this node alone. */
    CqlSession coordinator(CassandraNode node) {
        return coordinators.computeIfAbsent(node, key -> session(List.of(key)));
    }

    private CqlSession session(List<CassandraNode> coordinators) {
        List<InetSocketAddress> addresses =
                coordinators.stream().map(CassandraNode::address).toList();
        return CqlSession.builder()
                .withConfigLoader(SETTINGS)
                .addContactPoints(addresses)
                .withLocalDatacenter("datacenter1")
                .withNodeDistanceEvaluator((node, datacenter) ->
                        addresses.contains(node.getEndPoint().resolve()) ? null : NodeDistance.IGNORED)
                .build();
    }

    /** Creates a keyspace with the tables of a store, on three replicas, and waits until each node knows them. */
    void createTables(String keyspace) throws InterruptedException {
        define("CREATE KEYSPACE " + keyspace
                        + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}")
                .join();
        for (String table : schema().split(";\\s*")) {
            define(table.replace("CREATE TABLE ", "CREATE TABLE " + keyspace + "."))
                    .join();
        }
        awaitAll(keyspace);
    }

    /** Faster than new tables, of which each costs memory too. A use that stays belongs to no token that will be added. */
    void empty(String keyspace) {
        Stream.of("tokens", "tokens_by_owner")
                .map(table -> define("TRUNCATE " + keyspace + "." + table))
                .toList()
                .forEach(CompletableFuture::join);
    }

    /** All nodes take part in it, so on a busy machine it may last longer than a request. */
    private CompletableFuture<?> define(String cql) {
        SimpleStatement statement = SimpleStatement.newInstance(cql).setTimeout(SLOWEST_START);
        return session.executeAsync(statement).toCompletableFuture();
    }

    private static String schema() {
        try (InputStream schema = CassandraTokenStore.class.getResourceAsStream("schema.cql")) {
            return new String(Objects.requireNonNull(schema).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until each node sees all of them. */
    void awaitAll() throws InterruptedException {
        awaitAll(PROBE);
    }

    private void awaitAll(String keyspace) throws InterruptedException {
        SimpleStatement look = SimpleStatement.newInstance("SELECT * FROM " + keyspace + "." + LAST_TABLE + " LIMIT 1")
                .setConsistencyLevel(DefaultConsistencyLevel.ALL);
        long begin = System.nanoTime();
        for (CassandraNode node : nodes) {
            while (!succeeds(coordinator(node), look)) {
                if (System.nanoTime() - begin > SLOWEST_START.toNanos()) {
                    throw new IllegalStateException("a node does not see the others");
                }
                Thread.sleep(50);
            }
        }
    }

    private static boolean succeeds(CqlSession coordinator, SimpleStatement look) {
        try {
            coordinator.execute(look);
            return true;
        } catch (DriverException notYet) {
            return false;
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Below the range that clients get: there a client that reconnects to a dead server can be connected to itself. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            if (Stream.of("127.0.0.1", "127.0.0.2", "127.0.0.3").allMatch(address -> isFree(address, port))) {
                return port;
            }
        }
    }

    private static boolean isFree(String address, int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName(address))) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static final class Shared {
        private static final CassandraCluster CLUSTER;

        static {
            try {
                CLUSTER = new CassandraCluster();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while the nodes started", e);
            }
        }
    }
}
