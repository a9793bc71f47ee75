package io.tokenstore.examples.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Context;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A page for people shows the document by which the other tests judge the host. */
class SwaggerUiTest {

    private static final String PAGE = "/webjars/swagger-ui/index.html";

    private static RunningHost host;

    @BeforeAll
    static void start() throws Exception {
        host = RunningHost.start("--spring.datasource.url=jdbc:h2:mem:page");
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static HttpResponse<String> get(String target) throws Exception {
        HttpResponse<String> answer = host.send("GET", target, null, null);
        assertThat(answer.statusCode()).as(target).isEqualTo(200);
        assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        return answer;
    }

    private static List<String> found(String regex, String text) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    @Test
    void the_page_runs_no_script_but_files_of_the_hosts() throws Exception {
        HttpResponse<String> page = get(PAGE);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'self'")
                .doesNotContain("script-src", "unsafe-eval");
        assertThat(found("<script[^>]*>", page.body())).isNotEmpty().allMatch(tag -> tag.contains(" src="));
        assertThat(found("<script[^>]*>\\s*[^<\\s]|<style| style=| on\\w+=", page.body()))
                .isEmpty();
        for (String attribute : found("(src|href)=\"[^\"]+\"", page.body())) {
            String file = attribute.substring(attribute.indexOf('"') + 1, attribute.length() - 1);
            assertThat(URI.create(file).isAbsolute()).as(file).isFalse();
            String type = get(URI.create(PAGE).resolve(file).toString())
                    .headers()
                    .firstValue("Content-Type")
                    .orElseThrow();
            assertThat(type).contains(file.endsWith(".js") ? "javascript" : file.endsWith(".css") ? "css" : "image/");
        }
    }

    @Test
    void the_page_shows_the_document_that_the_host_is_judged_by() throws Exception {
        try (Context browser = Context.newBuilder("js")
                .option("engine.WarnInterpreterOnly", "false")
                .build()) {
            browser.eval(
                    "js",
                    "var shown; var window = {}; function SwaggerUIBundle(settings) { shown = settings.url; }"
                            + " SwaggerUIBundle.presets = {}; SwaggerUIBundle.plugins = {}; var SwaggerUIStandalonePreset;");
            browser.eval("js", get("/webjars/swagger-ui/swagger-initializer.js").body());
            browser.eval("js", "if (window.onload) { window.onload(); }");
            String document = browser.getBindings("js").getMember("shown").asString();
            assertThat(get(document).body())
                    .isEqualTo(get("/openapi.yaml").body())
                    .contains("users-deleteToken");
        }
    }
}
