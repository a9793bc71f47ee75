package io.tokenstore.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The host as its operator starts it, asked over HTTP: by a person's browser, or by a client with a token. */
final class RunningHost implements AutoCloseable {

    static final String PASSWORD = "correct horse";

    private static RunningHost shared;

    private final ConfigurableApplicationContext context;
    private final String console;
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningHost(Stream<String> arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            context = SpringApplication.run(SpringSecurityHost.class, arguments.toArray(String[]::new));
        } finally {
            System.setOut(before);
        }
        console = printed.toString(StandardCharsets.UTF_8);
    }

    static RunningHost start(String... properties) {
        return startWithItsOwnPassword(Stream.concat(Stream.of("--host.password=" + PASSWORD), Stream.of(properties))
                .toArray(String[]::new));
    }

    static RunningHost startWithItsOwnPassword(String... properties) {
        return new RunningHost(Stream.concat(Stream.of("--server.port=0"), Stream.of(properties)));
    }

    /** A host in memory that several tests use, until this JVM ends. */
    static synchronized RunningHost shared() {
        if (shared == null) {
            shared = start("--spring.datasource.url=jdbc:h2:mem:shared", "--tokens.max-staleness=10ms");
        }
        return shared;
    }

    String console() {
        return console;
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    String url(String path) {
        return "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port") + path;
    }

    /** Asks the API with a token, or with none if it is null. */
    HttpResponse<String> api(String method, String path, String token) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url(path))).method(method, BodyPublishers.noBody());
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    Person person() {
        return new Person();
    }

    Person login(String name) throws Exception {
        Person person = new Person();
        person.open("/login");
        HttpResponse<String> answer = person.submit("/login", "username", name, "password", PASSWORD);
        assertThat(answer.uri().getPath()).isEqualTo("/settings/tokens");
        return person;
    }

    /** A person at a browser without scripts: it keeps cookies, follows redirects, and sends forms with their CSRF token. */
    final class Person {

        private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");
        private static final Pattern SECRET = Pattern.compile("id=\"secret\"[^>]* value=\"([^\"]+)\"");
        private static final Pattern ROW = Pattern.compile("<tr.*?</tr>", Pattern.DOTALL);
        private static final Pattern REVOKES = Pattern.compile("/tokens/(?:\\w+/)?(\\w+)/revoke\"");

        private final CookieManager cookies = new CookieManager();
        private final HttpClient browser = HttpClient.newBuilder()
                .cookieHandler(cookies)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        private final HttpClient still =
                HttpClient.newBuilder().cookieHandler(cookies).build();

        private String page = "";

        HttpResponse<String> open(String path) throws IOException, InterruptedException {
            return send(HttpRequest.newBuilder(URI.create(url(path))).header("Accept", "text/html,*/*;q=0.8"));
        }

        HttpResponse<String> submit(String path, String... fields) throws IOException, InterruptedException {
            return submitWith(first(CSRF), path, fields);
        }

        HttpResponse<String> submitWith(String csrf, String path, String... fields)
                throws IOException, InterruptedException {
            return send(form(csrf, path, fields));
        }

        /** Returns the first answer, which may be a redirect, and stays on the page. */
        HttpResponse<String> submitAndStay(String path) throws IOException, InterruptedException {
            return still.send(form(first(CSRF), path).build(), BodyHandlers.ofString());
        }

        private HttpRequest.Builder form(String csrf, String path, String... fields) {
            StringBuilder form = new StringBuilder("_csrf=" + csrf);
            for (int i = 0; i < fields.length; i += 2) {
                form.append('&')
                        .append(fields[i])
                        .append('=')
                        .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
            }
            return HttpRequest.newBuilder(URI.create(url(path)))
                    .header("Accept", "text/html,*/*;q=0.8")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form.toString()));
        }

        private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
            HttpResponse<String> answer = browser.send(request.build(), BodyHandlers.ofString());
            page = answer.body();
            return answer;
        }

        /** Creates a token of 30 days, and returns the secret that the page shows. */
        String create(String name, String... scopes) throws IOException, InterruptedException {
            String[] fields = Stream.concat(
                            Stream.of("name", name, "days", "30"),
                            Stream.of(scopes).flatMap(scope -> Stream.of("scopes", scope)))
                    .toArray(String[]::new);
            open("/settings/tokens");
            assertThat(submit("/settings/tokens", fields).statusCode()).isEqualTo(200);
            return secret();
        }

        String secret() {
            return first(SECRET);
        }

        String page() {
            return page;
        }

        /** The text of the cells of each row that has this name. */
        List<String> rows(String name) {
            return rowsWith(name)
                    .map(row -> Stream.of(row.replaceAll("(?s)<form.*?</form>", "")
                                    .replaceAll("<[^>]*>", "|")
                                    .split("\\|"))
                            .map(String::strip)
                            .filter(cell -> !cell.isEmpty())
                            .collect(Collectors.joining(" | ")))
                    .toList();
        }

        /** The id of the newest token of this name that can be revoked. */
        String id(String name) {
            return rowsWith(name)
                    .flatMap(row -> REVOKES.matcher(row).results())
                    .map(match -> match.group(1))
                    .reduce((earlier, later) -> later)
                    .orElseThrow();
        }

        private Stream<String> rowsWith(String name) {
            return ROW.matcher(page).results().map(MatchResult::group).filter(row -> row.contains(">" + name + "<"));
        }

        private String first(Pattern pattern) {
            return pattern.matcher(page)
                    .results()
                    .map(match -> match.group(1))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + pattern + " in " + page));
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
