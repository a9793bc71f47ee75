package io.tokenstore.benchmarks;

final class Disk {
    private Disk() {}

    static void print() {}
}
