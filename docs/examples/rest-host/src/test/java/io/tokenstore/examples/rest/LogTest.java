package io.tokenstore.examples.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What strangers send is in no line of the log, so that nobody writes lines of their own or leaves secrets there. */
class LogTest {

    private static final String MARK = "strangersText";

    @Test
    void what_a_stranger_sends_is_not_in_the_log() throws Exception {
        String printed = RunningHost.printedBy(() -> {
            try (RunningHost host = RunningHost.start("--spring.datasource.url=jdbc:h2:mem:log")) {
                for (String authorization : new String[] {
                    "", "Authorization: " + host.login() + "\r\n", "Authorization: Bearer " + MARK + "\r\n"
                }) {
                    sendEverything(host, authorization);
                }
            }
            return null;
        });
        assertThat(printed.lines().toList())
                .as("lines that a stranger wrote")
                .noneMatch(line -> line.contains(MARK) || line.contains("\u001B"));
    }

    private static void sendEverything(RunningHost host, String authorization) throws Exception {
        String headers = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + authorization;
        for (String target : new String[] {
            "/%s",
            "/%s.html",
            "/%s;x=%s",
            "/webjars/%s",
            "/webjars/swagger-ui/%s.js",
            "/%s/..%%2f..%%2f%s",
            "/..%%2f%s",
            "/../%s",
            "/%s%%0A%%1B[31m",
            "/%%2f%%2fexample.com/%s",
            "/file:/%s",
            "/http:%%2f%%2f%s",
            "/url:%s",
            "/WEB-INF/%s",
            "/openapi.yaml/%s",
            "/actuator/%s",
            "/actuator/health/%s",
            "/v1/%s",
            "/v1/users/%s/tokens",
            "/v1/users/%s%%0A/tokens",
            "/v1/users/%s/tokens/%s",
            "/v1/users/alice/tokens/%s",
            "/v1/users/alice/tokens/%s%%00",
            "/v1/users/alice/tokens/%s%%zz",
            "/v1/users/alice/tokens/%s%%u0041",
            "/v1/users/alice/tokens/%s/rotate",
            "/v1/users/alice/tokens?limit=%s",
            "/v1/users/alice/tokens?after=%s%%00",
            "/v1/users/alice/tokens?after=%s%%zz",
            "/v1/users/alice/tokens?%s=%%zz&limit=%%",
            "/v1/users/alice/tokens?after=%s&after=%s",
            "http://%s/x",
            "%s:%s",
            "*%s"
        }) {
            String named = target.replace("%s", MARK).replace("%%", "%");
            for (String method : new String[] {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", MARK}) {
                host.sendBytes(method + " " + named + headers + "\r\n");
            }
        }
        String post = "POST /v1/users/alice/tokens" + headers;
        String json = "Content-Type: application/json\r\n";
        for (String body : new String[] {
            "{\"name\":\"" + MARK + "\u0001\"}",
            "{\"" + MARK + "\":1}",
            "{\"name\":\"x\",\"ttl\":\"" + MARK + "\",\"scopes\":[]}",
            "{\"name\":\"" + MARK + "\",\"name\":\"" + MARK + "\"}",
            "{\"name\":\"x\",\"ttl\":\"P1D\",\"scopes\":[\"" + MARK + "\"]}",
            "{\"name\":\"x\",\"ttl\":\"P1D\",\"scopes\":[],\"renewableUntil\":\"" + MARK + "\"}",
            MARK
        }) {
            host.sendBytes(post + json + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            host.sendBytes(post + "Content-Length: " + body.length() + "\r\n\r\n" + body);
        }
        for (String rest : new String[] {
            "Content-Type: " + MARK + "\r\n\r\n",
            "Content-Type: text/" + MARK + "\r\nContent-Length: 1\r\n\r\nx",
            "Content-Type: application/json; charset=" + MARK + "\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Type: multipart/form-data; boundary=" + MARK + "\r\nContent-Length: 2\r\n\r\n{}",
            "Accept: " + MARK + "\r\n\r\n",
            "Accept-Language: " + MARK + "\r\n\r\n",
            "Content-Length: " + MARK + "\r\n\r\n",
            "Transfer-Encoding: " + MARK + "\r\n\r\n",
            "Transfer-Encoding: chunked\r\n" + json + "\r\n" + MARK + "\r\n",
            "Expect: " + MARK + "\r\n\r\n",
            "Cookie: " + MARK + "\r\n\r\n",
            "Cookie: x=\"" + MARK + "; $" + MARK + "\r\n\r\n",
            "Origin: " + MARK + "\r\nAccess-Control-Request-Method: " + MARK + "\r\n\r\n",
            "X-Forwarded-Host: " + MARK + "\r\n\r\n",
            "If-None-Match: " + MARK + "\r\nRange: " + MARK + "\r\n\r\n",
            "If-Modified-Since: " + MARK + "\r\n\r\n",
            "Host: " + MARK + "\r\n\r\n",
            MARK + "\r\n\r\n",
            MARK + "\u0000: x\r\n\r\n",
            "X: " + MARK.repeat(5_000) + "\r\n\r\n"
        }) {
            for (String line :
                    new String[] {"POST /v1/users/alice/tokens", "GET /openapi.yaml", "GET /v1/users/alice/tokens"}) {
                host.sendBytes(line + headers + rest);
            }
        }
        for (String line : new String[] {
            "GET / HTTP/1.1\r\nHost: " + MARK + ":" + MARK + "\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: " + MARK + ", close\r\n\r\n",
            "GET / " + MARK + "\r\n\r\n",
            MARK + "\r\n\r\n",
            "\u0016\u0003\u0001" + MARK + "\r\n\r\n"
        }) {
            host.sendBytes(line);
        }
    }
}
