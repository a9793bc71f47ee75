package io.tokenstore.contract.correct;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** A correct store without a lock: an immutable map, which each write replaces by a changed one unless another write was first. */
public final class CompareAndSetStore extends WalkedStore {

    private final AtomicReference<Node> root = new AtomicReference<>();

    @Override
    public void add(Token token) {
        for (; ; ) {
            Node before = root.get();
            if (Node.get(before, token.id()) != null) {
                throw new DuplicateTokenException();
            }
            if (root.compareAndSet(before, Node.put(before, token))) {
                return;
            }
        }
    }

    @Override
    public Optional<Token> find(TokenId id) {
        return Optional.ofNullable(Node.get(root.get(), Objects.requireNonNull(id)));
    }

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        Objects.requireNonNull(revocation);
        for (; ; ) {
            Node before = root.get();
            Token token = ownersToken(before, owner, id);
            if (token == null || token.revocation() != null) {
                return token != null && token.revocation().id().equals(revocation.id());
            }
            if (root.compareAndSet(before, Node.put(before, token.withRevocation(revocation)))) {
                return true;
            }
        }
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        for (; ; ) {
            Node before = root.get();
            Token token = ownersToken(before, owner, id);
            if (token == null || token.revocation() != null) {
                return false;
            }
            Token activated = token.toBuilder().predecessor(null).build();
            if (root.compareAndSet(before, Node.put(before, activated))) {
                return true;
            }
        }
    }

    @Override
    boolean removeIfEnded(TokenId id, Instant endedBefore) {
        for (; ; ) {
            Node before = root.get();
            Token token = Node.get(before, id);
            if (token == null || !ended(token, endedBefore)) {
                return false;
            }
            if (root.compareAndSet(before, Node.remove(before, id))) {
                return true;
            }
        }
    }

    @Override
    Stream<Token> snapshotAfter(TokenId after) {
        return Node.after(root.get(), after);
    }

    private static Token ownersToken(Node root, Owner owner, TokenId id) {
        Objects.requireNonNull(owner);
        Token token = Node.get(root, Objects.requireNonNull(id));
        return token != null && token.owner().equals(owner) ? token : null;
    }

    /** A treap: a search tree by id, and a heap by a number that looks random, so that it is balanced. */
    private record Node(Token token, int priority, Node left, Node right) {

        static Token get(Node node, TokenId id) {
            for (Node at = node; at != null; ) {
                int order = id.compareTo(at.token.id());
                if (order == 0) {
                    return at.token;
                }
                at = order < 0 ? at.left : at.right;
            }
            return null;
        }

        static Node put(Node node, Token token) {
            if (node == null) {
                return new Node(token, token.id().hashCode() * 0x9E3779B9, null, null);
            }
            int order = token.id().compareTo(node.token.id());
            if (order == 0) {
                return new Node(token, node.priority, node.left, node.right);
            }
            if (order < 0) {
                Node left = put(node.left, token);
                return left.priority > node.priority
                        ? left.with(left.left, node.with(left.right, node.right))
                        : node.with(left, node.right);
            }
            Node right = put(node.right, token);
            return right.priority > node.priority
                    ? right.with(node.with(node.left, right.left), right.right)
                    : node.with(node.left, right);
        }

        static Node remove(Node node, TokenId id) {
            int order = id.compareTo(node.token.id());
            if (order == 0) {
                return merge(node.left, node.right);
            }
            return order < 0
                    ? node.with(remove(node.left, id), node.right)
                    : node.with(node.left, remove(node.right, id));
        }

        private static Node merge(Node left, Node right) {
            if (left == null || right == null) {
                return left == null ? right : left;
            }
            return left.priority > right.priority
                    ? left.with(left.left, merge(left.right, right))
                    : right.with(merge(left, right.left), right.right);
        }

        private Node with(Node newLeft, Node newRight) {
            return new Node(token, priority, newLeft, newRight);
        }

        static Stream<Token> after(Node node, TokenId after) {
            if (node == null) {
                return Stream.empty();
            }
            if (after != null && node.token.id().compareTo(after) <= 0) {
                return after(node.right, after);
            }
            return Stream.of(
                            Stream.of(node).flatMap(itself -> after(itself.left, after)),
                            Stream.of(node.token),
                            Stream.of(node).flatMap(itself -> after(itself.right, null)))
                    .flatMap(part -> part);
        }
    }
}
