package io.tokenstore.examples.cassandra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A server of its own JVM, as small as it runs, which ends when the JVM of the tests does, however that went. */
final class CassandraNode {

    /** What Cassandra's own jvm17-server.options say, but for the garbage collector. */
    private static final String OPTIONS = """
            -Djdk.attach.allowAttachSelf=true
            --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED
            --add-exports=java.management.rmi/com.sun.jmx.remote.internal.rmi=ALL-UNNAMED
            --add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED
            --add-exports=java.rmi/sun.rmi.server=ALL-UNNAMED
            --add-exports=java.sql/java.sql=ALL-UNNAMED
            --add-exports=java.base/java.lang.ref=ALL-UNNAMED
            --add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED
            --add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED
            --add-exports=jdk.attach/sun.tools.attach=ALL-UNNAMED
            --add-opens=java.base/java.lang.module=ALL-UNNAMED
            --add-opens=java.base/jdk.internal.loader=ALL-UNNAMED
            --add-opens=java.base/jdk.internal.ref=ALL-UNNAMED
            --add-opens=java.base/jdk.internal.reflect=ALL-UNNAMED
            --add-opens=java.base/jdk.internal.math=ALL-UNNAMED
            --add-opens=java.base/jdk.internal.module=ALL-UNNAMED
            --add-opens=java.base/jdk.internal.util.jar=ALL-UNNAMED
            --add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED
            --add-opens=java.base/sun.nio.ch=ALL-UNNAMED
            --add-opens=java.base/java.io=ALL-UNNAMED
            --add-opens=java.base/java.lang.reflect=ALL-UNNAMED
            --add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED
            --add-opens=java.base/java.lang=ALL-UNNAMED
            --add-opens=java.base/java.util=ALL-UNNAMED
            -Dio.netty.tryReflectionSetAccessible=true
            -Dio.netty.allocator.useCacheForAllThreads=true
            -Dio.netty.allocator.maxOrder=11
            -Xms512m
            -Xmx512m
            -XX:+UseSerialGC
            -XX:TieredStopAtLevel=1
            -XX:MaxDirectMemorySize=256m
            -Dcassandra-foreground=yes
            -Dcassandra.ring_delay_ms=100
            -Dcassandra.skip_wait_for_gossip_to_settle=0
            """;

    /** A node that is new takes its part of the ring at once, without data of others: all are new, or have theirs. */
    private static final String SETTINGS = """
            cluster_name: tokenstore
            partitioner: org.apache.cassandra.dht.Murmur3Partitioner
            endpoint_snitch: SimpleSnitch
            seed_provider:
              - class_name: org.apache.cassandra.locator.SimpleSeedProvider
                parameters:
                  - seeds: "127.0.0.1,127.0.0.2,127.0.0.3"
            num_tokens: 1
            initial_token: "${token}"
            auto_bootstrap: false
            listen_address: ${address}
            rpc_address: ${address}
            storage_port: ${storage_port}
            native_transport_port: ${port}
            data_file_directories: ["${folder}/data"]
            commitlog_directory: "${folder}/commitlog"
            saved_caches_directory: "${folder}/caches"
            hints_directory: "${folder}/hints"
            cdc_raw_directory: "${folder}/cdc"
            commitlog_sync: batch
            commitlog_segment_size: 8MiB
            commitlog_total_space: 256MiB
            memtable_heap_space: 64MiB
            memtable_offheap_space: 64MiB
            memtable_flush_writers: 1
            concurrent_reads: 16
            concurrent_writes: 16
            concurrent_compactors: 1
            auto_snapshot: false
            paxos_variant: v2
            paxos_state_purging: repaired
            """;

    private static final String LOGGING = """
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%date %level %logger{0} %msg%n</pattern></encoder>
              </appender>
              <root level="WARN"><appender-ref ref="out"/></root>
            </configuration>
            """;

    /** A child that was not waited for keeps its number, so that nobody else's process is killed. */
    private static final String UNTIL_THE_TESTS_END = """
            "$@" </dev/null >>"$0" 2>&1 &
            trap '' HUP INT TERM
            read -r line
            kill -KILL $!
            """;

    private final Path folder;
    private final InetSocketAddress address;
    private final List<String> command = new ArrayList<>();
    private Process shell;

    /**
     * Writes its settings.
     *
     * @param number from 0 to 2
     */
    CassandraNode(Path folder, int number, int port, int storagePort, String classPath) throws IOException {
        this.folder = folder;
        address = new InetSocketAddress("127.0.0." + (number + 1), port);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("logback.xml"), LOGGING);
        Files.writeString(
                folder.resolve("cassandra.yaml"),
                SETTINGS.replace("${token}", Long.toString(Long.MIN_VALUE / 3 * 2 * (1 - number)))
                        .replace("${address}", address.getHostString())
                        .replace("${port}", Integer.toString(port))
                        .replace("${storage_port}", Integer.toString(storagePort))
                        .replace("${folder}", folder.toString()));
        command.addAll(List.of("sh", "-c", UNTIL_THE_TESTS_END, folder + "/server.log"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS.lines().toList());
        command.add("-Dcassandra.config=" + folder.resolve("cassandra.yaml").toUri());
        command.add("-Dcassandra.storagedir=" + folder);
        command.add("-Dlogback.configurationFile=" + folder.resolve("logback.xml"));
        command.addAll(List.of("-cp", classPath, "org.apache.cassandra.service.CassandraDaemon"));
    }

    InetSocketAddress address() {
        return address;
    }

    /** Begins to start it; {@link #awaitStart} waits. */
    void start() {
        try {
            shell = new ProcessBuilder(command).directory(folder.toFile()).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitStart() throws InterruptedException {
        while (!listens()) {
            if (server().findAny().isEmpty()) {
                throw new IllegalStateException("a node ended at its start, see " + folder + "/server.log");
            }
            Thread.sleep(50);
        }
    }

    /** Kills it with a signal that it can't handle, and returns when it is gone. */
    void kill() throws IOException, InterruptedException {
        shell.getOutputStream().close();
        shell.waitFor();
        while (listens()) {
            Thread.sleep(1);
        }
    }

    private Stream<ProcessHandle> server() {
        return shell.children();
    }

    private boolean listens() {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
