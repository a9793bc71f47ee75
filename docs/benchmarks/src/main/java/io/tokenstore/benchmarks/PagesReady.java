package io.tokenstore.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;

/**
 * Puts the checkpoint where it belongs. The first change of a page after a checkpoint writes the whole page into the log: either
 * that is measured, or it is over before.
 */
final class PagesReady implements Contender {

    private final Site site;
    private final TokenTable table;
    private final boolean afterCheckpoint;
    private final Contender contender;

    PagesReady(Site site, TokenTable table, boolean afterCheckpoint, Contender contender) {
        this.site = site;
        this.table = table;
        this.afterCheckpoint = afterCheckpoint;
        this.contender = contender;
    }

    @Override
    public void prepare(int operations) throws Exception {
        contender.prepare(operations);
        if (afterCheckpoint) {
            site.execute("CHECKPOINT");
            return;
        }
        List<HeldToken> taken = table.taken();
        try (Connection connection = site.pool().getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "UPDATE " + table.name() + " SET write_parity = 1 - write_parity WHERE id = ?")) {
            for (HeldToken token : taken) {
                statement.setString(1, token.id());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    @Override
    public void run(int first, int end) throws Exception {
        contender.run(first, end);
    }
}
