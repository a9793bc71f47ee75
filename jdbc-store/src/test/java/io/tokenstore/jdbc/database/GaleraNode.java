package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A member of a Galera cluster, which takes its data from the others unless it is the one that founds the cluster. */
public final class GaleraNode extends MariaDbServer {

    private final int clusterPort = LoopbackPort.free();
    private final int transferPort = LoopbackPort.free();
    private final int catchUpPort = LoopbackPort.free();
    private final int syncWait;
    private String members = "";
    private boolean founding;

    GaleraNode(int syncWait) {
        super("galera", MariaDbBinaries.installed());
        this.syncWait = syncWait;
    }

    String address() {
        return "127.0.0.1:" + clusterPort;
    }

    void found(String members) {
        this.members = members;
        founding = true;
        initialize();
        founding = false;
    }

    void join(String members) {
        this.members = members;
        initialize();
    }

    @Override
    void prepare() throws IOException, SQLException {
        if (founding) {
            super.prepare();
        } else {
            Files.createDirectory(data());
        }
    }

    @Override
    List<String> command() {
        List<String> command = new ArrayList<>(super.command());
        command.addAll(List.of(
                "--wsrep-on=ON",
                "--wsrep-provider=/usr/lib/galera/libgalera_smm.so",
                "--wsrep-cluster-name=tokenstore",
                "--wsrep-cluster-address=gcomm://" + members,
                "--wsrep-node-address=127.0.0.1",
                "--wsrep-sst-method=rsync",
                "--wsrep-sst-receive-address=127.0.0.1:" + transferPort,
                "--wsrep-provider-options=gmcast.listen_addr=tcp://%s;ist.recv_addr=127.0.0.1:%d;gcache.size=16M"
                        .formatted(address(), catchUpPort),
                "--wsrep-sync-wait=" + syncWait,
                "--binlog-format=ROW",
                "--innodb-autoinc-lock-mode=2"));
        if (founding) {
            command.add("--wsrep-new-cluster");
        }
        return command;
    }

    @Override
    boolean isReady(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet state = statement.executeQuery("SHOW STATUS LIKE 'wsrep_local_state_comment'")) {
            return state.next() && state.getString("Value").equals("Synced");
        }
    }
}
