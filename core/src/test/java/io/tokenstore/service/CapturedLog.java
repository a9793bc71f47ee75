package io.tokenstore.service;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a logger writes, at TRACE and to nowhere else, until it is closed. */
final class CapturedLog implements AutoCloseable {

    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final Logger logger;
    private final Level level;
    private final List<Appender<ILoggingEvent>> others = new ArrayList<>();

    CapturedLog(Class<?> type) {
        this(type.getName());
    }

    /** Captures every logger. */
    static CapturedLog ofAll() {
        return new CapturedLog(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private CapturedLog(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        level = logger.getLevel();
        logger.iteratorForAppenders().forEachRemaining(others::add);
        others.forEach(logger::detachAppender);
        logger.setAdditive(false);
        logger.setLevel(Level.TRACE);
        events.start();
        logger.addAppender(events);
    }

    void clear() {
        events.list.clear();
    }

    void silence() {
        logger.setLevel(Level.OFF);
    }

    /** Returns level and message of each event. */
    List<String> lines() {
        return events().stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    List<ILoggingEvent> events() {
        return List.copyOf(events.list);
    }

    @Override
    public void close() {
        logger.detachAppender(events);
        logger.setLevel(level);
        logger.setAdditive(true);
        others.forEach(logger::addAppender);
    }
}
