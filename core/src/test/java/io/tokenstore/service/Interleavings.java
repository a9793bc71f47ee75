package io.tokenstore.service;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.fixtures.ForwardingStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs a few actors in every order of their steps, a step being one call of the store, and with a crash before and after each
 * step. One actor runs at a time, so a run is what its choices say.
 */
final class Interleavings implements AutoCloseable {

    /** What is done and looked at in a run, from the beginning. */
    interface Scenario {

        /** Returns what each actor does, on a store of its own in front of the shared one. */
        List<Runnable> actors(Function<TokenStore, TokenStore> stepByStep);

        /** Looks at what came of it; throws an {@link AssertionError} if a promise was broken. */
        void check();
    }

    private enum Step {
        CALL,
        CRASH_BEFORE,
        CRASH_AFTER
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int crashes;

    /** Explores runs of up to so many crashes. */
    Interleavings(int crashes) {
        this.crashes = crashes;
    }

    /** Runs the scenario in every order; returns how many there are. */
    int explore(Supplier<? extends Scenario> scenarios) {
        int runs = 0;
        List<Integer> choices = new ArrayList<>();
        boolean more = true;
        while (more) {
            Run run = new Run(choices);
            Scenario scenario = scenarios.get();
            run.play(scenario);
            try {
                scenario.check();
            } catch (AssertionError e) {
                throw new AssertionError("In run " + runs + ", " + run.taken, e);
            }
            runs++;
            more = run.next(choices);
        }
        return runs;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private final class Run {

        private final List<Integer> prefix;
        private final List<Integer> chosen = new ArrayList<>();
        private final List<Integer> options = new ArrayList<>();
        private final List<String> taken = new ArrayList<>();
        private final Semaphore waiting = new Semaphore(0);
        private int crashesLeft = crashes;

        Run(List<Integer> prefix) {
            this.prefix = List.copyOf(prefix);
        }

        void play(Scenario scenario) {
            List<Actor> actors = new ArrayList<>();
            List<Runnable> works = scenario.actors(store -> {
                Actor actor = new Actor(store, this, "actor " + actors.size());
                actors.add(actor);
                return actor;
            });
            for (int i = 0; i < works.size(); i++) {
                Actor actor = actors.get(i);
                Runnable work = works.get(i);
                threads.execute(() -> actor.run(work));
                waiting.acquireUninterruptibly();
            }
            List<Actor> ready = ready(actors);
            while (!ready.isEmpty()) {
                int steps = crashesLeft > 0 ? Step.values().length : 1;
                int choice = choose(ready.size() * steps);
                Step step = Step.values()[choice % steps];
                crashesLeft -= step == Step.CALL ? 0 : 1;
                Actor actor = ready.get(choice / steps);
                taken.add(actor.name + (step == Step.CALL ? "" : " " + step));
                actor.step = step;
                actor.turn.release();
                waiting.acquireUninterruptibly();
                ready = ready(actors);
            }
            actors.stream()
                    .map(actor -> actor.failure)
                    .filter(failure -> failure != null)
                    .forEach(failure -> {
                        throw new IllegalStateException(taken.toString(), failure);
                    });
        }

        private static List<Actor> ready(List<Actor> actors) {
            return actors.stream().filter(actor -> !actor.done).toList();
        }

        private int choose(int of) {
            int choice = chosen.size() < prefix.size() ? prefix.get(chosen.size()) : 0;
            chosen.add(choice);
            options.add(of);
            return choice;
        }

        /** Turns the choices into those of the next run; returns false after the last one. */
        boolean next(List<Integer> choices) {
            int last = chosen.size() - 1;
            while (last >= 0 && chosen.get(last) == options.get(last) - 1) {
                last--;
            }
            if (last < 0) {
                return false;
            }
            choices.clear();
            choices.addAll(chosen.subList(0, last));
            choices.add(chosen.get(last) + 1);
            return true;
        }
    }

    /** Waits for its turn before each call. */
    private static final class Actor extends ForwardingStore {

        private final Run run;
        private final String name;
        private final Semaphore turn = new Semaphore(0);
        private volatile Step step = Step.CALL;
        private volatile boolean done;
        private volatile Throwable failure;

        Actor(TokenStore behind, Run run, String name) {
            super(behind);
            this.run = run;
            this.name = name;
        }

        void run(Runnable work) {
            try {
                work.run();
            } catch (Throwable e) {
                failure = e;
            } finally {
                done = true;
                run.waiting.release();
            }
        }

        @Override
        protected <T> T around(Supplier<T> call) {
            run.waiting.release();
            turn.acquireUninterruptibly();
            Step now = step;
            if (now == Step.CRASH_BEFORE) {
                throw new TokenStoreException("crashed", Applied.UNKNOWN, null);
            }
            T answer = call.get();
            if (now == Step.CRASH_AFTER) {
                throw new TokenStoreException("crashed", Applied.UNKNOWN, null);
            }
            return answer;
        }

        /** By passes, each look and each write a step: as a database does it, whose statement is not one instant. */
        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            List<Token> live;
            do {
                live = list(owner, null, MAX_PAGE).tokens().stream()
                        .filter(token -> token.revocation() == null)
                        .toList();
                live.forEach(token -> revoke(owner, token.id(), revocation));
            } while (!live.isEmpty());
            return 0;
        }
    }
}
