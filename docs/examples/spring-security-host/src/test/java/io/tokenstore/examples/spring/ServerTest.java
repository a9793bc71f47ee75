package io.tokenstore.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server does before Spring sees a request. */
class ServerTest {

    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";

    @ParameterizedTest
    @ValueSource(
            strings = {
                FORM + "\r\nContent-Length: 16385\r\n\r\nname=",
                FORM + "\r\nTransfer-Encoding: chunked\r\n\r\n4001\r\nname=",
                FORM + "\r\nContent-Length: 9\r\n\r\nname=%zz&",
                FORM + ";charset=nonsense\r\nContent-Length: 6\r\n\r\nname=r",
                FORM + ";charset=%\r\nContent-Length: 6\r\n\r\nname=r"
            })
    void a_form_that_is_too_long_or_unreadable_is_the_clients_fault(String headersAndBegin) throws Exception {
        RunningHost host = RunningHost.shared();
        String token = host.login("alice").create("forms", "repo:write");
        for (String target : new String[] {"/api/repos", "/login"}) {
            String answer = send(
                    host,
                    "POST " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + token
                            + "\r\n" + headersAndBegin + "x".repeat(16384) + "\r\n0\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 4").doesNotContain("Exception");
        }
    }

    @Test
    void a_session_is_out_of_reach_of_scripts_and_of_other_sites() throws Exception {
        RunningHost host = RunningHost.shared();
        assertThat(send(host, "GET /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        .lines())
                .filteredOn(line -> line.startsWith("Set-Cookie: JSESSIONID="))
                .singleElement()
                .asString()
                .containsIgnoringCase("; HttpOnly")
                .containsIgnoringCase("; SameSite=Lax");
    }

    @Test
    void log_shows_no_token_of_a_request_that_the_server_refuses() throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (RunningHost host = RunningHost.start("--spring.datasource.url=jdbc:h2:mem:refused")) {
            String token = host.login("alice").create("refused", "repo:read");
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            String head = "GET /api/me HTTP/1.1\r\nConnection: close\r\nAuthorization: Bearer " + token;
            for (String rest : new String[] {
                "\r\nHost: x\r\nX\u0001Y: z\r\n\r\n",
                "\u0001\r\nHost: x\r\n\r\n",
                "\r\nHost: x:" + token + "\r\n\r\n",
                "\r\n\r\n",
                "\r\nHost: x\r\nContent-Length: " + token + "\r\n\r\n",
                "\r\nHost: x\r\nTransfer-Encoding: " + token + "\r\n\r\n",
                "\r\nHost: x\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"
            }) {
                assertThat(send(host, head + rest)).startsWith("HTTP/1.1 ").doesNotContain(token);
            }
            assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain(token.substring(30));
        } finally {
            System.setOut(before);
        }
    }

    private static String send(RunningHost host, String text) throws Exception {
        int port = URI.create(host.url("/")).getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
