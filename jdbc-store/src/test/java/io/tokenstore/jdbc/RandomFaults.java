package io.tokenstore.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/** Stands before a driver, and lets fail what was planned: at random places, before or after the database did its part. */
final class RandomFaults {

    private static final String CONFLICT = "40001";
    private static final String REFUSED = "42501";
    private static final String LOST = "08006";
    private static final String CLOSED = "08003";
    private static final String UNCLASSIFIED = "XX000";
    private static final String STANDBY_LACKS_IT = "01000";
    private static final int FARTHEST = 7;

    private final RandomGenerator random;
    private int planned;
    private int distance;
    private int happened;

    RandomFaults(RandomGenerator random) {
        this.random = random;
    }

    /** Lets that many of the next calls of the driver fail. */
    void plan(int faults) {
        planned = faults;
        distance = random.nextInt(FARTHEST);
    }

    int happened() {
        return happened;
    }

    DataSource at(String url, boolean autocommit) {
        return Unpooled.of(() -> {
            if (isDue()) {
                throw failure(LOST);
            }
            Connection connection = DriverManager.getConnection(url);
            connection.setAutoCommit(autocommit);
            return StandIn.of(Connection.class, new Line(connection));
        });
    }

    private boolean isDue() {
        if (planned == 0 || distance-- > 0) {
            return false;
        }
        planned--;
        distance = random.nextInt(FARTHEST);
        happened++;
        return true;
    }

    private static SQLException failure(String state) {
        return new SQLException("planned", state);
    }

    /** One connection, until it is cut. */
    private final class Line implements InvocationHandler {

        private final Connection driver;
        private boolean cut;

        Line(Connection driver) {
            this.driver = driver;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            return switch (method.getName()) {
                case "commit" -> around(driver, method, arguments);
                case "getWarnings" -> warnings(driver, method, arguments);
                case "close" -> close(driver, method, arguments);
                case "prepareStatement" -> {
                    Object statement = before(driver, method, arguments);
                    yield StandIn.of(
                            PreparedStatement.class, (self, inner, values) -> onStatement(statement, inner, values));
                }
                case "rollback", "clearWarnings", "getAutoCommit", "getNetworkTimeout", "setNetworkTimeout" ->
                    before(driver, method, arguments);
                default -> StandIn.call(driver, method, arguments);
            };
        }

        private Object onStatement(Object statement, Method method, Object[] arguments) throws Throwable {
            return switch (method.getName()) {
                case "execute", "executeQuery", "executeUpdate" -> around(statement, method, arguments);
                case "getWarnings" -> warnings(statement, method, arguments);
                case "close" -> close(statement, method, arguments);
                default -> StandIn.call(statement, method, arguments);
            };
        }

        /** What the database does is done, or not, and its answer is another. */
        private Object around(Object target, Method method, Object[] arguments) throws Throwable {
            refuseIfCut();
            if (!isDue()) {
                return StandIn.call(target, method, arguments);
            }
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (!driver.getAutoCommit()) {
                        driver.rollback();
                    }
                    throw failure(CONFLICT);
                }
                case 1 -> throw failure(REFUSED);
                case 2 -> throw cut();
                case 3 -> throw failure(UNCLASSIFIED);
                case 4 -> {
                    StandIn.call(target, method, arguments);
                    throw failure(UNCLASSIFIED);
                }
                default -> {
                    StandIn.call(target, method, arguments);
                    throw cut();
                }
            }
        }

        private Object before(Object target, Method method, Object[] arguments) throws Throwable {
            refuseIfCut();
            if (isDue()) {
                throw cut();
            }
            return StandIn.call(target, method, arguments);
        }

        private Object warnings(Object target, Method method, Object[] arguments) throws Throwable {
            refuseIfCut();
            if (!isDue()) {
                return StandIn.call(target, method, arguments);
            }
            if (random.nextBoolean()) {
                throw cut();
            }
            return new SQLWarning("planned", STANDBY_LACKS_IT);
        }

        private Object close(Object target, Method method, Object[] arguments) throws Throwable {
            StandIn.call(target, method, arguments);
            if (isDue()) {
                throw failure(LOST);
            }
            return null;
        }

        /** The database takes back what was not committed. */
        private SQLException cut() throws SQLException {
            cut = true;
            driver.close();
            return failure(LOST);
        }

        private void refuseIfCut() throws SQLException {
            if (cut) {
                throw failure(CLOSED);
            }
        }
    }
}
