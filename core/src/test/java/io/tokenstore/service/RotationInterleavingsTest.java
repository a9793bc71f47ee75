package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Owner;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.fixtures.TreeMapStore;
import io.tokenstore.fixtures.rotation.LoggedRotations;
import io.tokenstore.fixtures.rotation.RotationLog;
import io.tokenstore.fixtures.rotation.RotationMistake;
import io.tokenstore.fixtures.rotation.Rotations;
import io.tokenstore.fixtures.rotation.ServiceRotations;
import io.tokenstore.fixtures.rotation.TickingClock;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One owner's clients in every order of the store's calls, with a few crashes, and so many more: {@code -Drotation.crashes}. */
class RotationInterleavingsTest {

    private static final Owner ALICE = new Owner("alice");
    private static final int MORE_CRASHES = Integer.getInteger("rotation.crashes", 0);

    /** What clients do with a token and its successors at once; what each of them does is repeated until it is answered. */
    private enum Scene {
        TWO_ROTATE_AND_USE(0, 0) {
            @Override
            void clients(Clients clients) {
                clients.add(tokens -> rotateAndUse(tokens, clients.first));
                clients.add(tokens -> rotateAndUse(tokens, clients.first));
            }
        },
        TWO_SUCCESSORS_ARE_USED(2, 2) {
            @Override
            void clients(Clients clients) {
                clients.add(tokens -> tokens.present(clients.successor(0)));
                clients.add(tokens -> tokens.present(clients.successor(1)));
            }
        },
        A_TOKEN_IS_USED_WHILE_ITS_SUCCESSOR_IS(3, 1) {
            @Override
            void clients(Clients clients) {
                clients.add(tokens -> tokens.present(clients.first));
                clients.add(tokens -> tokens.present(clients.successor(0)));
            }
        },
        THE_PREDECESSOR_IS_REVOKED(1, 2) {
            @Override
            void clients(Clients clients) {
                clients.add(tokens -> tokens.present(clients.successor(0)));
                clients.add(tokens -> tokens.present(clients.successor(1)));
                clients.addRevoking(
                        tokens -> tokens.revoke(ALICE, clients.first, Rotations.guess(clients.successor(0))));
            }
        },
        THE_SUCCESSOR_IS_REVOKED(3, 1) {
            @Override
            void clients(Clients clients) {
                clients.add(tokens -> tokens.present(clients.successor(0)));
                clients.addRevoking(
                        tokens -> tokens.revoke(ALICE, clients.successor(0), Rotations.guess(clients.first)));
            }
        },
        THE_LINE_IS_REVOKED(2, 1) {
            @Override
            void clients(Clients clients) {
                clients.add(tokens -> tokens.present(clients.successor(0)));
                clients.addRevokingAll(tokens -> tokens.revokeWithSuccessors(ALICE, clients.first));
            }
        },
        ALL_ARE_REVOKED_WHILE_ONE_IS_ROTATED_TWICE(0, 0) {
            @Override
            void clients(Clients clients) {
                clients.add(
                        tokens -> rotateAndUse(tokens, clients.first).ifPresent(next -> rotateAndUse(tokens, next)));
                clients.addRevokingAll(tokens -> tokens.revokeAll(ALICE));
            }
        },
        ALL_ARE_REVOKED_WHILE_A_SUCCESSOR_IS_USED(2, 1) {
            @Override
            void clients(Clients clients) {
                clients.add(tokens -> tokens.present(clients.successor(0)));
                clients.addRevokingAll(tokens -> tokens.revokeAll(ALICE));
            }
        },
        A_SUCCESSOR_IS_USED_WHILE_THERE_IS_ONE_TOO_MANY(1, Succession.MAX_PENDING) {
            @Override
            void clients(Clients clients) {
                clients.add(tokens -> tokens.present(clients.successor(0)));
                // Which may revoke the successor in the middle of its first use, and then no token is left.
                clients.addRevoking(tokens -> rotateAndUse(tokens, clients.first));
            }
        };

        private final int crashes;
        private final int successors;

        Scene(int crashes, int successors) {
            this.crashes = crashes;
            this.successors = successors;
        }

        abstract void clients(Clients clients);

        static Optional<TokenId> rotateAndUse(Rotations tokens, TokenId id) {
            Optional<TokenId> next = tokens.rotate(ALICE, id, Duration.ofDays(20));
            next.ifPresent(tokens::present);
            return next;
        }
    }

    private interface Deed {
        void with(Rotations tokens);
    }

    /** One run of a scene. */
    private static final class Clients implements Interleavings.Scenario {

        private final TreeMapStore store = new TreeMapStore();
        private final Clock clock = new TickingClock();
        private final Map<TokenId, String> secrets = new ConcurrentHashMap<>();
        private final RotationLog log = new RotationLog();
        private final Rotations.Maker maker;
        private final List<Deed> deeds = new ArrayList<>();
        private final List<TokenId> successors = new ArrayList<>();
        private final Rotations calm;
        private final TokenId first;
        private List<Long> validInTheEnd = List.of(1L);

        Clients(Scene scene, Rotations.Maker maker) {
            this.maker = maker;
            this.calm = on(store);
            this.first = calm.issue(ALICE);
            for (int i = 0; i < scene.successors; i++) {
                successors.add(calm.rotate(ALICE, first, null).orElseThrow());
            }
            scene.clients(this);
        }

        private Rotations on(TokenStore each) {
            return new LoggedRotations(maker.on(each, secrets, clock), log, clock);
        }

        TokenId successor(int index) {
            return successors.get(index);
        }

        void add(Deed deed) {
            deeds.add(deed);
        }

        void addRevoking(Deed deed) {
            deeds.add(deed);
            validInTheEnd = List.of(0L, 1L);
        }

        void addRevokingAll(Deed deed) {
            deeds.add(deed);
            validInTheEnd = List.of(0L);
        }

        @Override
        public List<Runnable> actors(Function<TokenStore, TokenStore> stepByStep) {
            List<Runnable> actors = new ArrayList<>();
            for (Deed deed : deeds) {
                Rotations tokens = on(stepByStep.apply(store));
                actors.add(() -> untilAnswered(deed, tokens));
            }
            return actors;
        }

        private static void untilAnswered(Deed deed, Rotations tokens) {
            boolean answered = false;
            while (!answered) {
                try {
                    deed.with(tokens);
                    answered = true;
                } catch (TokenStoreException crashed) {
                    answered = false;
                }
            }
        }

        @Override
        public void check() {
            log.tokens().forEach(calm::present);
            Map<TokenId, Long> valid =
                    log.countInEachLine(id -> calm.present(id).isPresent());
            assertThat(log.violations()).isEmpty();
            assertThat(valid.get(first)).as("valid in the end").isIn(validInTheEnd);
        }
    }

    private final CapturedLog errorsOfCrashes = CapturedLog.ofAll();

    @BeforeEach
    void logNothing() {
        errorsOfCrashes.silence();
    }

    @AfterEach
    void logAgain() {
        errorsOfCrashes.close();
    }

    @ParameterizedTest
    @EnumSource
    void of_a_token_and_its_successors_one_is_valid_in_every_order_of_calls_and_crashes(Scene scene) {
        try (Interleavings interleavings = new Interleavings(scene.crashes + MORE_CRASHES)) {
            int runs = interleavings.explore(() -> new Clients(scene, ServiceRotations::new));
            assertThat(runs).isGreaterThan(100);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_mistake_is_caught_in_one_of_them(RotationMistake mistake) {
        try (Interleavings interleavings = new Interleavings(0)) {
            assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> {
                for (Scene scene : Scene.values()) {
                    interleavings.explore(() -> new Clients(scene, mistake));
                }
            });
        }
    }
}
