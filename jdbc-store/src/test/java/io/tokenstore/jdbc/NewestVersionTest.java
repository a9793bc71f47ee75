package io.tokenstore.jdbc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.h2.api.ErrorCode;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as a killed process or a power failure leaves them, made block by block. */
class NewestVersionTest {

    private static final int BLOCK = 4096;
    private static final int VERSIONS = 30;
    /** So that a version takes more than one block, and the first one more than the search reads at once. */
    private static final String FILLER = "x".repeat(10_000);

    private static final String LONG_FILLER = "x".repeat(2_000_000);

    /** Where each version is: the first one is at index 0. */
    private static final List<Place> PLACES = new ArrayList<>();

    private static byte[] written;

    @TempDir
    private Path folder;

    private Path name;
    private Path file;

    private record Place(int block, int blocks) {
        int begin() {
            return block * BLOCK;
        }

        int end() {
            return (block + blocks) * BLOCK;
        }
    }

    private enum Damage {
        OF_ITS_BEGINNING {
            @Override
            void strike(byte[] bytes, Place place) {
                Arrays.fill(bytes, place.begin(), place.begin() + 16, (byte) 0);
            }
        },
        OF_ITS_MIDDLE {
            @Override
            void strike(byte[] bytes, Place place) {
                Arrays.fill(bytes, place.begin() + 1_024, place.end() - 128, (byte) 0);
            }
        },
        OF_ITS_END {
            @Override
            void strike(byte[] bytes, Place place) {
                bytes[place.end() - 120]++;
            }
        };

        abstract void strike(byte[] bytes, Place place);
    }

    @BeforeAll
    static void writeVersions(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("versions.mv.db");
        PLACES.clear();
        MVStore store = open(file);
        store.setRetentionTime(Integer.MAX_VALUE);
        for (int version = 1; version <= VERSIONS; version++) {
            store.openMap("texts").put(1, version + (version == 1 ? LONG_FILLER : FILLER));
            PLACES.add(committed(store, file));
        }
        store.closeImmediately(); // As a kill leaves it.
        written = Files.readAllBytes(file);
    }

    @BeforeEach
    void write() throws IOException {
        name = folder.resolve("tokens");
        file = folder.resolve("tokens.mv.db");
        Files.write(file, written);
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void a_version_that_is_not_whole_is_passed_over(Damage damage) throws Exception {
        change(bytes -> damage.strike(bytes, place(VERSIONS)));
        nameNewest();
        assertThat(named()).isEqualTo(VERSIONS - 1);
        assertThat(opened()).isEqualTo(VERSIONS - 1);
    }

    @Test
    void a_version_without_its_beginning_is_never_named() throws Exception {
        change(bytes -> Damage.OF_ITS_BEGINNING.strike(bytes, place(VERSIONS)));
        List<Integer> versions = new ArrayList<>();
        try (SimulatedDisk disk = new SimulatedDisk(file)) {
            disk.failSyncs(() -> versions.add(named()));
            nameNewest();
        }
        assertThat(versions).containsOnly(VERSIONS - 1);
    }

    @Test
    void the_first_version_is_found() throws Exception {
        change(bytes -> PLACES.stream().skip(1).forEach(place -> Damage.OF_ITS_END.strike(bytes, place)));
        nameNewest();
        assertThat(named()).isEqualTo(1);
        assertThat(opened()).isEqualTo(1);
    }

    @Test
    void a_version_that_no_chain_from_the_header_reaches_is_found() throws Exception {
        MVStore store = open(file);
        assertThat(writtenInFront(store, "100").end())
                .isLessThan(place(VERSIONS).begin());
        store.closeImmediately();
        change(bytes -> writeHeader(bytes, VERSIONS - 1));
        byte[] killed = Files.readAllBytes(file);
        assertThat(opened()).as("what H2 opens by itself").isEqualTo(VERSIONS);
        Files.write(file, killed);
        nameNewest();
        assertThat(opened()).isEqualTo(100);
    }

    @Test
    void the_header_is_synced_before_the_file_is_cut_and_the_cut_is_synced_too() throws Exception {
        Files.write(file, new byte[3 * BLOCK], StandardOpenOption.APPEND);
        long before = Files.size(file);
        List<Long> sizes = new ArrayList<>();
        List<Integer> versions = new ArrayList<>();
        try (SimulatedDisk disk = new SimulatedDisk(file)) {
            disk.failSyncs(() -> {
                sizes.add(Files.size(file));
                versions.add(named());
            });
            nameNewest();
            assertThat(disk.powerFailure().unsynced()).isEmpty();
        }
        assertThat(sizes).containsExactly(before, before - 3 * BLOCK);
        assertThat(versions).containsOnly(VERSIONS);
    }

    /** With the mark H2 would look only at the twenty newest versions. */
    @Test
    void the_mark_of_a_clean_end_is_left_out() throws Exception {
        change(bytes -> writeHeader(bytes, 5, Map.of("clean", "1")));
        nameNewest();
        assertThat(named()).isEqualTo(VERSIONS);
        assertThat(fields(Files.readAllBytes(file))).doesNotContainKey("clean");
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void a_version_older_than_an_unsynced_write_can_leave_is_not_taken(Damage damage) throws Exception {
        int oldest = VERSIONS - 16;
        change(bytes -> {
            writeHeader(bytes, VERSIONS);
            for (int version = oldest + 1; version <= VERSIONS; version++) {
                damage.strike(bytes, place(version));
            }
        });
        byte[] before = Files.readAllBytes(file);
        nameNewest();
        assertThat(opened()).isEqualTo(oldest);
        Files.write(file, before);
        change(bytes -> damage.strike(bytes, place(oldest)));
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(this::nameNewest)
                .withMessage("the newest version in the file is not whole")
                .returns(ErrorCode.FILE_CORRUPTED_1, SQLException::getErrorCode);
        // So that the next opening does not go further back.
        assertThat(fields(Files.readAllBytes(file))).isEqualTo(fields(before));
        assertThatExceptionOfType(SQLException.class).isThrownBy(this::nameNewest);
    }

    @Test
    void of_two_copies_of_a_version_the_one_in_front_is_taken_and_the_other_is_cut_off() throws Exception {
        byte[] copy = Arrays.copyOfRange(
                written, place(VERSIONS).begin(), place(VERSIONS).end());
        Files.write(file, copy, StandardOpenOption.APPEND);
        nameNewest();
        assertThat(fields(Files.readAllBytes(file)))
                .containsEntry("block", Integer.toHexString(place(VERSIONS).block()));
        assertThat(file).hasSize(written.length);
        assertThat(opened()).isEqualTo(VERSIONS);
    }

    @Test
    void what_stands_behind_the_newest_version_is_cut_off_if_no_version_needs_it() throws Exception {
        Files.write(file, new byte[3 * BLOCK], StandardOpenOption.APPEND);
        nameNewest();
        assertThat(file).hasSize(written.length);
        assertThat(opened()).isEqualTo(VERSIONS);
    }

    @Test
    void blocks_that_the_newest_version_needs_stay_even_if_they_stand_behind_it() throws Exception {
        MVStore store = open(file);
        store.openMap("others").put(1, FILLER);
        Place others = committed(store, file);
        assertThat(writtenInFront(store, "100").end()).isLessThan(others.begin());
        store.closeImmediately();
        nameNewest();
        assertThat(file).hasSize(others.end());
        assertThat(opened()).isEqualTo(100);
        try (MVStore kept = open(file)) {
            assertThat(kept.openMap("others").get(1)).isEqualTo(FILLER);
        }
    }

    @Test
    void an_end_whose_version_would_begin_before_the_file_is_passed_over() throws Exception {
        change(bytes -> {
            Map<String, String> end = Map.of("chunk", "1", "len", "fff", "version", "fff");
            write(bytes, place(3).end() - 128, new HashMap<>(end));
        });
        nameNewest();
        assertThat(opened()).isEqualTo(VERSIONS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void the_copy_of_the_header_that_names_the_newer_version_counts(int newer) throws Exception {
        change(bytes -> {
            writeHeader(bytes, 5);
            byte[] other = bytes.clone();
            writeHeader(other, VERSIONS);
            System.arraycopy(other, 0, bytes, newer * BLOCK, BLOCK);
            for (int version = VERSIONS - 16; version <= VERSIONS; version++) {
                Damage.OF_ITS_END.strike(bytes, place(version));
            }
        });
        assertThatExceptionOfType(SQLException.class).isThrownBy(this::nameNewest);
        change(bytes -> bytes[newer * BLOCK + 4]++);
        nameNewest();
        assertThat(opened()).isEqualTo(VERSIONS - 17);
    }

    @Test
    void a_file_without_a_whole_header_is_left_as_it_is() throws Exception {
        change(bytes -> {
            bytes[4]++;
            bytes[BLOCK + 4]++;
        });
        assertUnchanged();
    }

    @Test
    void a_file_of_another_type_is_left_as_it_is() throws Exception {
        change(bytes -> writeHeader(bytes, VERSIONS, Map.of("H", "1")));
        assertUnchanged();
    }

    @Test
    void a_file_without_a_version_is_left_as_it_is() throws Exception {
        change(bytes -> PLACES.forEach(place -> Damage.OF_ITS_END.strike(bytes, place)));
        assertUnchanged();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100})
    void a_file_that_is_shorter_than_a_header_is_left_as_it_is(int length) throws Exception {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
        assertUnchanged();
    }

    @Test
    void a_file_of_one_block_can_be_opened() throws Exception {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), BLOCK));
        nameNewest();
        assertThat(file).hasSize(2 * BLOCK);
        try (MVStore store = open(file)) {
            assertThat(store.getMapNames()).isEmpty();
        }
    }

    @Test
    void a_file_of_a_later_format_is_refused_in_these_words() throws Exception {
        change(bytes -> writeHeader(bytes, VERSIONS, Map.of("format", "9", "formatRead", "9")));
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(this::nameNewest)
                .withMessage("the file is of another version of H2")
                .returns(ErrorCode.FILE_VERSION_ERROR_1, SQLException::getErrorCode);
    }

    @Test
    void a_file_that_is_locked_is_refused_until_it_is_free() throws Exception {
        try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
            FileLock lock = other.lock();
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(this::nameNewest)
                        .withMessage("the file is locked")
                        .returns(ErrorCode.DATABASE_ALREADY_OPEN_1, SQLException::getErrorCode);
            }
            lock.release();
        }
        nameNewest();
        assertThat(opened()).isEqualTo(VERSIONS);
    }

    @Test
    void a_folder_in_the_place_of_the_file_is_refused_in_these_words() throws IOException {
        Files.delete(file);
        Files.createDirectory(file);
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(this::nameNewest)
                .withMessage("the file can't be searched for its newest version")
                .returns(ErrorCode.IO_EXCEPTION_1, SQLException::getErrorCode);
    }

    private void nameNewest() throws SQLException {
        NewestVersion.name(name);
    }

    private static Place place(int version) {
        return PLACES.get(version - 1);
    }

    private static MVStore open(Path file) {
        return new MVStore.Builder()
                .fileName(file.toString())
                .autoCommitDisabled()
                .open();
    }

    /** Returns the place of what was written, which is not the header. */
    private static Place committed(MVStore store, Path file) throws IOException {
        byte[] before = Files.readAllBytes(file);
        store.commit();
        byte[] after = Files.readAllBytes(file);
        int first = 0;
        int last = 0;
        for (int block = 2; block * BLOCK < after.length; block++) {
            int begin = block * BLOCK;
            int end = begin + BLOCK;
            if (end > before.length || !Arrays.equals(after, begin, end, before, begin, end)) {
                first = first == 0 ? block : first;
                last = block;
            }
        }
        return new Place(first, last - first + 1);
    }

    /** H2 reuses the blocks that no version needs once their retention time is over. */
    private Place writtenInFront(MVStore store, String text) throws IOException {
        store.setRetentionTime(0);
        store.openMap("texts").put(1, text);
        store.commit();
        store.openMap("texts").put(1, text);
        return committed(store, file);
    }

    private int opened() {
        try (MVStore store = open(file)) {
            return Integer.parseInt(
                    String.valueOf(store.openMap("texts").get(1)).replace("x", ""));
        }
    }

    private void assertUnchanged() throws Exception {
        byte[] before = Files.readAllBytes(file);
        nameNewest();
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    private void change(Consumer<byte[]> change) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        change.accept(bytes);
        Files.write(file, bytes);
    }

    private static void writeHeader(byte[] bytes, int version) {
        writeHeader(bytes, version, Map.of());
    }

    private static void writeHeader(byte[] bytes, int version, Map<String, String> other) {
        HashMap<String, String> header = new HashMap<>(fields(bytes));
        header.put("block", Integer.toHexString(place(version).block()));
        header.put("chunk", Integer.toHexString(version));
        header.put("version", Integer.toHexString(version));
        header.putAll(other);
        Arrays.fill(bytes, 0, 2 * BLOCK, (byte) 0);
        write(bytes, 0, header);
        write(bytes, BLOCK, header);
    }

    private static void write(byte[] bytes, int position, HashMap<String, String> fields) {
        StringBuilder text = DataUtils.appendMap(new StringBuilder(), fields);
        byte[] checked = text.toString().getBytes(ISO_8859_1);
        DataUtils.appendMap(text, "fletcher", DataUtils.getFletcher32(checked, 0, checked.length));
        byte[] written = text.append('\n').toString().getBytes(ISO_8859_1);
        System.arraycopy(written, 0, bytes, position, written.length);
    }

    private static Map<String, String> fields(byte[] bytes) {
        Map<String, String> fields = DataUtils.parseMap(new String(bytes, 0, BLOCK, ISO_8859_1).trim());
        fields.remove("fletcher");
        return fields;
    }

    private int named() throws IOException {
        return Integer.parseInt(fields(Files.readAllBytes(file)).get("version"), 16);
    }
}
