package io.tokenstore.benchmarks;

final class Heap {
    private Heap() {}

    static void print() {}
}
