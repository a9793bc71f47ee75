package io.tokenstore.jdbc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.SingleFileStore;
import org.h2.store.fs.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest version in an H2 file, and makes the file's header name it.
 *
 * <p>H2 itself follows a chain from the version that the header names, and takes the last version that it reaches. A write may
 * overwrite a version in this chain, and H2 writes the header only after that. If the process is killed in between, the chain ends
 * early, at a version that lacks later acknowledged writes. If H2 then searches the whole file, it takes some texts within a
 * version for the beginning of another version.
 *
 * <p>So this class finds each version by its end, which has a checksum, and asks H2 whether it opens that version.
 */
final class NewestVersion {

    private static final int BLOCK = 4096;
    private static final int BLOCKS_AT_ONCE = 256;
    private static final int END_OF_A_VERSION = 128;
    private static final int TRIES = 2;
    /** A power failure may leave the header of an unsynced write, and only one write is unsynced. */
    private static final int MOST_UNSYNCED = 16;

    private static final Pattern END =
            Pattern.compile("chunk:([0-9a-f]{1,8}),len:([0-9a-f]{1,8}),version:([0-9a-f]{1,15})");
    private static final Pattern CHECKED = Pattern.compile("([^\n]*),fletcher:([0-9a-f]{1,8}) *\n.*", Pattern.DOTALL);

    /** Closing a file drops the process's other locks on it. So a file that is locked here stays open until it is free. */
    private static final Map<String, FileChannel> IN_USE_HERE = new HashMap<>();

    private final String file;
    private final String key;

    private record Version(long number, String chunk, long block, long blocks) {}

    private NewestVersion(Path file) {
        this.file = "async:" + file + EmbeddedFile.SUFFIX;
        key = EmbeddedFile.key(file);
    }

    /**
     * Names the newest version in the header of an H2 file, given without its suffix.
     *
     * @throws SQLException if the file is open, in this process or another, can't be written, or has no whole version
     */
    static void name(Path file) throws SQLException {
        try {
            new NewestVersion(file).name();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw new SQLException(
                    "the file can't be searched for its newest version", null, ErrorCode.IO_EXCEPTION_1, e);
        }
    }

    private void name() throws IOException, SQLException {
        Map<String, String> header;
        List<Version> versions;
        try (FileChannel channel = locked()) {
            byte[] blocks = read(channel, 0, 2 * BLOCK);
            header = newerHeader(blocks);
            if (header == null) {
                return; // H2 fills an empty file, and refuses a file that is not its own.
            }
            if (blocks.length == BLOCK) {
                // The file's creation was killed: the header's second copy is missing, but H2 reads both.
                write(channel, ByteBuffer.allocate(BLOCK), BLOCK);
            }
            versions = versions(channel);
            if (versions.isEmpty()) {
                return;
            }
            versions.removeIf(version -> version.number() < version(header) - MOST_UNSYNCED);
            if (versions.isEmpty()) {
                throw notWhole();
            }
            // Before anybody else can write the file.
            write(channel, named(versions.get(0), header), 0);
            channel.force(true);
        }
        for (Version version : versions) {
            if (version != versions.get(0)) {
                change(channel -> write(channel, named(version, header), 0));
            }
            for (int i = 0; i < TRIES; i++) { // One try may fail for lack of memory.
                long blocks = blocksOf(version);
                if (blocks > 0) {
                    change(channel -> channel.truncate(Math.min(channel.size(), blocks * BLOCK)));
                    return;
                }
            }
        }
        // Restores the header that was found, so that the next opening does not go further back.
        change(channel -> write(channel, copies(header), 0));
        throw notWhole();
    }

    private static SQLException notWhole() {
        return new SQLException("the newest version in the file is not whole", null, ErrorCode.FILE_CORRUPTED_1);
    }

    private interface Change {
        void make(FileChannel channel) throws IOException;
    }

    private void change(Change change) throws IOException, SQLException {
        try (FileChannel channel = locked()) {
            change.make(channel);
            // H2 overwrites what this version does not need, so this version must not be lost any more.
            channel.force(true);
        }
    }

    private FileChannel locked() throws IOException, SQLException {
        synchronized (IN_USE_HERE) {
            FileChannel channel = IN_USE_HERE.remove(key);
            channel = channel == null ? FilePath.get(file).open("rw") : channel;
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                IN_USE_HERE.put(key, channel);
                throw locked(e);
            }
            channel.close();
            throw locked(null);
        }
    }

    private static SQLException locked(@Nullable Exception cause) {
        return new SQLException("the file is locked", null, ErrorCode.DATABASE_ALREADY_OPEN_1, cause);
    }

    /** Returns the header that is whole; if both are, the one that names the newer version. */
    private static @Nullable Map<String, String> newerHeader(byte[] blocks) {
        Map<String, String> newer = null;
        for (int from = 0; from + BLOCK <= blocks.length; from += BLOCK) {
            Map<String, String> header = DataUtils.parseMap(checked(blocks, from, BLOCK));
            if ("2".equals(header.get("H")) && (newer == null || version(header) > version(newer))) {
                newer = header;
            }
        }
        return newer;
    }

    private static long version(Map<String, String> header) {
        return hex(header, "version");
    }

    private static long hex(Map<String, String> pairs, String key) {
        return Long.parseLong(pairs.getOrDefault(key, "0"), 16);
    }

    /** Returns each version with an end and the matching beginning, the newest version first. */
    private static List<Version> versions(FileChannel channel) throws IOException {
        List<Version> versions = new ArrayList<>();
        byte[] blocks;
        for (long block = 0;
                (blocks = read(channel, block * BLOCK, BLOCKS_AT_ONCE * BLOCK)).length > 0;
                block += BLOCKS_AT_ONCE) {
            for (int i = 1; i * BLOCK <= blocks.length; i++) {
                Matcher end = END.matcher(checked(blocks, i * BLOCK - END_OF_A_VERSION, END_OF_A_VERSION));
                if (end.matches()) {
                    long length = Long.parseLong(end.group(2), 16);
                    long begin = block + i - length;
                    if (begins(channel, begin, end.group(1))) {
                        versions.add(new Version(Long.parseLong(end.group(3), 16), end.group(1), begin, length));
                    }
                }
            }
        }
        // Of two copies of a version, the one at the lower place is the later one, as in H2.
        versions.sort(Comparator.comparingLong(Version::number).reversed().thenComparingLong(Version::block));
        return versions;
    }

    private static boolean begins(FileChannel channel, long block, String chunk) throws IOException {
        String begin = "chunk:" + chunk + ",";
        return block >= 2 && new String(read(channel, block * BLOCK, begin.length()), ISO_8859_1).equals(begin);
    }

    /** Returns a text that its checksum follows, or an empty text if the checksum is wrong. */
    private static String checked(byte[] bytes, int from, int length) {
        Matcher text = CHECKED.matcher(new String(bytes, from, length, ISO_8859_1));
        return text.matches()
                        && Integer.toHexString(DataUtils.getFletcher32(bytes, from, text.end(1)))
                                .equals(text.group(2))
                ? text.group(1)
                : "";
    }

    /** Leaves out the mark of a clean end, with which H2 would look only at the twenty newest versions. */
    private static ByteBuffer named(Version version, Map<String, String> found) {
        Map<String, String> header = new HashMap<>(found);
        header.remove("clean");
        header.put("block", Long.toHexString(version.block()));
        header.put("chunk", version.chunk());
        header.put("version", Long.toHexString(version.number()));
        return copies(header);
    }

    private static ByteBuffer copies(Map<String, String> header) {
        StringBuilder text = DataUtils.appendMap(new StringBuilder(), new HashMap<>(header));
        byte[] checked = text.toString().getBytes(ISO_8859_1);
        DataUtils.appendMap(text, "fletcher", DataUtils.getFletcher32(checked, 0, checked.length));
        byte[] written = text.append('\n').toString().getBytes(ISO_8859_1);
        return ByteBuffer.allocate(2 * BLOCK).put(0, written).put(BLOCK, written);
    }

    /**
     * Asks H2 for the version, without changing anything. H2 opens another version if this one is not whole.
     *
     * @return how many blocks of the file the version needs, or 0 if H2 does not open it. After these blocks there may be an
     *     older copy of a part that H2 moved, and H2 would take the older copy for the newer one.
     */
    private long blocksOf(Version version) throws SQLException {
        SingleFileStore opened = new SingleFileStore(new HashMap<>());
        try {
            opened.open(file, true, null);
            MVStore store = new MVStore.Builder()
                    .adoptFileStore(opened)
                    .autoCommitDisabled()
                    .open();
            try {
                return store.getCurrentVersion() == version.number() ? blocksOf(version, store.getLayoutMap()) : 0;
            } finally {
                store.closeImmediately();
            }
        } catch (MVStoreException e) {
            if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
                throw locked(e);
            }
            if (e.getErrorCode() == DataUtils.ERROR_UNSUPPORTED_FORMAT) {
                throw new SQLException("the file is of another version of H2", null, ErrorCode.FILE_VERSION_ERROR_1, e);
            }
            return 0;
        } finally {
            closeQuietly(opened);
        }
    }

    private static long blocksOf(Version version, Map<String, String> layout) {
        long blocks = version.block() + version.blocks();
        for (Map.Entry<String, String> entry : layout.entrySet()) {
            if (entry.getKey().startsWith("chunk.")) {
                Map<String, String> part = DataUtils.parseMap(entry.getValue());
                if (!"0".equals(part.get("livePages"))) {
                    blocks = Math.max(blocks, hex(part, "block") + hex(part, "len"));
                }
            }
        }
        return blocks;
    }

    private static void closeQuietly(SingleFileStore opened) {
        try {
            opened.close();
        } catch (RuntimeException e) {
            // H2 has closed the file by then; it may fail at parts that it has not read.
        }
    }

    /** Returns fewer bytes at the end of the file. */
    private static byte[] read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(length, channel.size() - position)));
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new EOFException();
            }
        }
        return bytes.array();
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes, position + bytes.position());
        }
    }
}
