package io.tokenstore.jdbc.database;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps back one direction of a connection, with whatever arrives meanwhile, its end included. */
final class Gate {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private boolean shut;
    private boolean removed;

    void shut() {
        set(true, removed);
    }

    void open() {
        set(false, removed);
    }

    void remove() {
        set(false, true);
    }

    void pass() {
        lock.lock();
        try {
            while (shut && !removed) {
                opened.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void set(boolean shut, boolean removed) {
        lock.lock();
        try {
            this.shut = shut;
            this.removed = removed;
            opened.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
