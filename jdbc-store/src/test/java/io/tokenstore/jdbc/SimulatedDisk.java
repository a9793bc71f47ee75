package io.tokenstore.jdbc;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.async.FilePathAsync;
import org.jspecify.annotations.Nullable;

/** A disk for one file of the embedded store, which knows what a power failure would leave, and which fails on demand. */
final class SimulatedDisk implements AutoCloseable {

    /** What fails, and how, as long as it is set. */
    interface Fault {
        void strike() throws IOException;
    }

    private static final int BLOCK = 4096;

    private static volatile SimulatedDisk active;

    private final String file;
    private final Map<Long, byte[]> contents = new HashMap<>();
    private final Map<Long, byte[]> synced = new HashMap<>();
    private final List<BlockWrite> unsynced = new ArrayList<>();
    private volatile Fault onWrite = () -> {};
    private volatile Fault onSync = () -> {};

    /** Without bytes: the file was cut before this block. */
    record BlockWrite(long block, byte @Nullable [] bytes) {

        boolean isCut() {
            return bytes == null;
        }

        void apply(Map<Long, byte[]> blocks) {
            if (isCut()) {
                blocks.keySet().removeIf(kept -> kept >= block);
            } else {
                blocks.put(block, bytes);
            }
        }
    }

    /** What a power failure at one instant leaves: what was synced, and any part of what was not. */
    record PowerFailure(Map<Long, byte[]> synced, List<BlockWrite> unsynced) {

        void leave(Path file, IntPredicate survives) throws IOException {
            Map<Long, byte[]> blocks = new HashMap<>(synced);
            for (int i = 0; i < unsynced.size(); i++) {
                if (survives.test(i)) {
                    unsynced.get(i).apply(blocks);
                }
            }
            try (RandomAccessFile left = new RandomAccessFile(file.toFile(), "rw")) {
                for (Map.Entry<Long, byte[]> block : blocks.entrySet()) {
                    left.seek(block.getKey() * BLOCK);
                    left.write(block.getValue());
                }
            }
        }
    }

    /** Stands below every store in this JVM, and does nothing to other files, until it is closed. */
    SimulatedDisk(Path file) throws IOException {
        this.file = file.toString();
        if (Files.exists(file)) {
            wrote(ByteBuffer.wrap(Files.readAllBytes(file)), 0);
            synced(unsynced.size());
        }
        active = this;
        FilePath.register(new OnDisk());
    }

    @Override
    public void close() {
        FilePath.register(new FilePathAsync());
        active = null;
    }

    void failWrites(Fault fault) {
        onWrite = fault;
    }

    void failSyncs(Fault fault) {
        onSync = fault;
    }

    synchronized PowerFailure powerFailure() {
        return new PowerFailure(Map.copyOf(synced), List.copyOf(unsynced));
    }

    private synchronized void wrote(ByteBuffer bytes, long position) {
        for (long at = position; bytes.hasRemaining(); ) {
            long block = at / BLOCK;
            int offset = (int) (at % BLOCK);
            byte[] now = contents.getOrDefault(block, new byte[BLOCK]).clone();
            int length = Math.min(BLOCK - offset, bytes.remaining());
            bytes.get(now, offset, length);
            contents.put(block, now);
            unsynced.add(new BlockWrite(block, now));
            at += length;
        }
    }

    private synchronized void cut(long size) {
        BlockWrite cut = new BlockWrite((size + BLOCK - 1) / BLOCK, null);
        cut.apply(contents);
        unsynced.add(cut);
    }

    private synchronized int writesSoFar() {
        return unsynced.size();
    }

    private synchronized void synced(int writes) {
        List<BlockWrite> done = unsynced.subList(0, writes);
        done.forEach(write -> write.apply(synced));
        done.clear();
    }

    /** Instead of H2's own file system of that name. */
    public static final class OnDisk extends FilePathAsync {

        @Override
        public FileChannel open(String mode) throws IOException {
            FileChannel channel = super.open(mode);
            SimulatedDisk disk = active;
            boolean simulated = disk != null && name.endsWith(disk.file) && !mode.equals("r");
            return simulated ? new Channel(disk, channel) : channel;
        }
    }

    private static final class Channel extends FileBaseDefault {

        private final SimulatedDisk disk;
        private final FileChannel channel;

        Channel(SimulatedDisk disk, FileChannel channel) {
            this.disk = disk;
            this.channel = channel;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer bytes, long position) throws IOException {
            return channel.read(bytes, position);
        }

        @Override
        public synchronized int write(ByteBuffer bytes, long position) throws IOException {
            disk.onWrite.strike();
            ByteBuffer copy = bytes.duplicate();
            int written = channel.write(bytes, position);
            copy.limit(copy.position() + written);
            disk.wrote(copy, position);
            return written;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            disk.onSync.strike();
            int writes;
            synchronized (this) {
                writes = disk.writesSoFar();
            }
            disk.synced(writes);
        }

        @Override
        protected synchronized void implTruncate(long size) throws IOException {
            channel.truncate(size);
            disk.cut(size);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return channel.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            channel.close();
        }
    }
}
