package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Value;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The username rule against the schema of the OpenAPI operation, as an ECMA-262 engine with Unicode data of its own reads it. */
class UsernameRuleSchemaTest {

    private static final int CODE_POINTS = Character.MAX_CODE_POINT + 1;

    private static Context javaScript;
    private static Value accepts;
    private static Value acceptedAfter;
    private static Value assigned;

    @BeforeAll
    static void startTheEngine() {
        javaScript = Context.newBuilder("js")
                .option("engine.WarnInterpreterOnly", "false")
                .build();
        javaScript.eval("js", """
                const schema = {
                    allOf: [
                        {type: 'string', pattern: '^[\\\\p{L}]', minLength: 1, maxLength: 255},
                        {type: 'string', pattern: '^[\\\\p{L}\\\\d_]*$'}
                    ]
                };
                const patterns = schema.allOf.map(part => new RegExp(part.pattern, 'u'));
                const accepts = s => patterns.every(pattern => pattern.test(s))
                    && [...s].length >= schema.allOf[0].minLength && [...s].length <= schema.allOf[0].maxLength;
                const filter = (packed, test) => {
                    const words = [];
                    for (let i = 0; i < packed.length; i++) {
                        let word = packed.charCodeAt(i);
                        for (let bit = 0; bit < 16; bit++) {
                            if (word >> bit & 1 && !test(String.fromCodePoint(i * 16 + bit))) word &= ~(1 << bit);
                        }
                        words.push(String.fromCharCode(word));
                    }
                    return words.join('');
                };
                """);
        accepts = javaScript.eval("js", "accepts");
        acceptedAfter = javaScript.eval("js", "(packed, prefix) => filter(packed, c => accepts(prefix + c))");
        assigned = javaScript.eval("js", "packed => filter(packed, c => !/\\p{Cn}/u.test(c))");
    }

    @AfterAll
    static void stopTheEngine() {
        javaScript.close();
    }

    @Test
    void they_agree_on_the_traps() {
        String letter = UsernameRuleTest.SUPPLEMENTARY_LETTER;
        List<String> traps = List.of(
                "",
                "a",
                "alice\n",
                "alice\r",
                "\nalice",
                "a\nb",
                "_a",
                "1a",
                "a1_",
                "a\u0661",
                "\u0661a",
                "a\uFF11",
                "e\u0301",
                "\u0301e",
                "álice",
                "ALICE",
                "a\u0000",
                "a ",
                "a-b",
                "\uD800",
                "a\uD800",
                "a\uDC00b",
                "\uDC00\uD800",
                "a".repeat(255),
                "a".repeat(256),
                letter.repeat(255),
                letter.repeat(256),
                "a" + letter.repeat(254) + "\uD840");
        for (String trap : traps) {
            assertThat(UsernameRule.openApi().violations(trap).isEmpty())
                    .as("The username %s", LogText.excerpt(trap))
                    .isEqualTo(accepts.execute(trap).asBoolean());
        }
    }

    @Test
    void they_agree_on_every_code_point_that_both_know_alone_and_as_a_second_character() {
        BitSet assignedInJava = new BitSet(CODE_POINTS);
        for (int c = 0; c < CODE_POINTS; c++) {
            assignedInJava.set(c, Character.getType(c) != Character.UNASSIGNED);
        }
        Value packed = assigned.execute(pack(assignedInJava));
        BitSet known = unpack(packed);
        assertThat(known.cardinality()).isGreaterThan(280_000);
        for (String prefix : List.of("", "a")) {
            BitSet theirs = unpack(acceptedAfter.execute(packed, prefix));
            BitSet ours = new BitSet(CODE_POINTS);
            known.stream()
                    .filter(c -> UsernameRule.openApi()
                            .violations(prefix + Character.toString(c))
                            .isEmpty())
                    .forEach(ours::set);
            ours.xor(theirs);
            assertThat(ours.stream().mapToObj(Integer::toHexString).toList())
                    .as("Code points that only one of both accepts after \"%s\"", prefix)
                    .isEmpty();
            assertThat(theirs.cardinality()).isGreaterThan(130_000);
        }
    }

    /** Sixteen code points in each character. */
    private static String pack(BitSet set) {
        char[] words = new char[CODE_POINTS / 16];
        set.stream().forEach(c -> words[c / 16] |= (char) (1 << c % 16));
        return new String(words);
    }

    private static BitSet unpack(Value words) {
        BitSet set = new BitSet(CODE_POINTS);
        String packed = words.asString();
        for (int i = 0; i < packed.length(); i++) {
            for (int bit = 0; bit < 16; bit++) {
                set.set(i * 16 + bit, (packed.charAt(i) >> bit & 1) != 0);
            }
        }
        return set;
    }
}
