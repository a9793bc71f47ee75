package io.tokenstore.contract;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * Adds the {@link Rule} to a failed test's message, and ends a test that takes too long. The test's name has the rule's number.
 *
 * <p>A test of the kit runs on its own thread, so that even a store that never returns and can't be interrupted does not hang
 * the build. An author's own tests run as usual.
 */
final class RuleExtension implements InvocationInterceptor {

    private static final Pattern NUMBER = Pattern.compile("r(\\d+)_.*");
    /** The time for an interrupted test to restore what it changed. */
    private static final long MILLIS_TO_CLEAN_UP = 1_000;

    private static final int MAX_MESSAGE = 8_000;

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> test, ExtensionContext context)
            throws Throwable {
        intercept(invocation, test);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> test, ExtensionContext context)
            throws Throwable {
        intercept(invocation, test);
    }

    private static void intercept(Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> test)
            throws Throwable {
        Method method = test.getExecutable();
        Optional<Rule> rule = ruleOf(method.getName());
        if (rule.isPresent()) {
            Duration limit = ((StoreUnderTest) test.getTarget().orElseThrow()).timeLimit();
            run(rule.get(), method.getName(), invocation, limit);
        } else if (method.getDeclaringClass().getPackage().equals(StoreUnderTest.class.getPackage())) {
            invocation.skip();
            throw new AssertionFailedError(method.getName() + " does not begin with the number of a rule");
        } else {
            invocation.proceed();
        }
    }

    static Optional<Rule> ruleOf(String test) {
        Matcher number = NUMBER.matcher(test);
        for (Rule rule : Rule.values()) {
            if (number.matches() && rule.name().equals("R" + number.group(1))) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }

    private static void run(Rule rule, String name, Invocation<@Nullable Void> invocation, Duration limit)
            throws Throwable {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        // The threads that a test or its store starts are in the thread group of the test's own thread.
        ThreadGroup threads = new ThreadGroup("contract kit");
        Thread thread = new Thread(
                threads,
                () -> {
                    try {
                        invocation.proceed();
                    } catch (Throwable e) {
                        thrown.set(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        try {
            Optional<String> endless = new ThreadWatch(threads, limit).await(thread);
            if (endless.isPresent()) {
                throw new AssertionFailedError(rule + System.lineSeparator() + name + " " + endless.get());
            }
        } finally {
            if (thread.isAlive()) {
                threads.interrupt();
                thread.join(MILLIS_TO_CLEAN_UP);
            }
        }
        Throwable failure = thrown.get();
        if (failure instanceof TestAbortedException) {
            throw failure;
        }
        // Also an OutOfMemoryError, which would end the whole run: a store may reserve room for as many tokens as it
        // could keep.
        if (failure != null) {
            throw named(rule, failure);
        }
    }

    /** Returns the same failure with the rule in front; an IDE can still show both values. */
    private static AssertionFailedError named(Rule rule, Throwable failure) {
        String said = failure instanceof AssertionError ? failure.getMessage() : failure.toString();
        boolean isLong = said != null && said.length() > MAX_MESSAGE;
        String message = rule + System.lineSeparator() + (isLong ? cut(said) : said);
        // A cause is printed in full.
        Throwable cause = isLong && failure instanceof AssertionError ? null : failure;
        AssertionFailedError named = failure instanceof AssertionFailedError compared && compared.isExpectedDefined()
                ? new AssertionFailedError(message, compared.getExpected(), compared.getActual(), cause)
                : new AssertionFailedError(message, cause);
        named.setStackTrace(failure.getStackTrace());
        return named;
    }

    /** A comparison of a thousand tokens names the difference at its beginning or at its end. */
    private static String cut(String message) {
        int half = MAX_MESSAGE / 2;
        return message.substring(0, half)
                + System.lineSeparator()
                + "... " + (message.length() - 2 * half) + " characters ..."
                + System.lineSeparator()
                + message.substring(message.length() - half);
    }
}
