package io.tokenstore.jdbc.database;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Three MariaDB servers that all take writes, so that a commit can be refused by a server that accepted its statements. */
public final class GaleraCluster implements AutoCloseable {

    private final List<GaleraNode> nodes;

    private GaleraCluster(int syncWait) {
        nodes = Stream.generate(() -> new GaleraNode(syncWait)).limit(3).toList();
    }

    /** Starts the nodes with the given wsrep_sync_wait: 0 reads what a node has, 1 waits for what the cluster has committed. */
    public static GaleraCluster start(int syncWait) {
        GaleraCluster cluster = new GaleraCluster(syncWait);
        try {
            cluster.form();
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    public List<GaleraNode> nodes() {
        return nodes;
    }

    /** The URL of the first of the nodes that answers. */
    public String failoverUrl(String database) {
        return url("sequential", database);
    }

    /** The URL of a node by chance, another for each connection. */
    public String loadBalanceUrl(String database) {
        return url("loadbalance", database);
    }

    private String url(String choice, String database) {
        String hosts = nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
        return "jdbc:mariadb:%s://%s/%s?user=root".formatted(choice, hosts, database);
    }

    @Override
    public void close() {
        nodes.forEach(GaleraNode::close);
    }

    private void form() {
        String members = nodes.stream().map(GaleraNode::address).collect(Collectors.joining(","));
        nodes.get(0).found(members);
        nodes.stream().skip(1).forEach(node -> node.join(members));
    }
}
