package io.tokenstore.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedCondition;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The walk of README.md, in Debian's Chromium, with the README's own commands. */
@Tag("browser")
class BrowserTest {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    private static final Pattern STEP = Pattern.compile("^\\d+\\. (.*)$", Pattern.MULTILINE);
    private static final Pattern COMMANDS =
            Pattern.compile("^```sh\\n([^`]*)^```\\n^```\\n([^`]*)^```$", Pattern.MULTILINE);

    private final RunningHost host = RunningHost.start("--spring.datasource.url=jdbc:h2:mem:browser");
    private final List<String> taken = new ArrayList<>();
    private String readme;
    private List<MatchResult> commands;
    private ChromeDriver browser;

    @BeforeEach
    void open() throws IOException {
        readme = Files.readString(Path.of("README.md"));
        commands = COMMANDS.matcher(readme).results().toList();
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toString());
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // It runs as root, and visits the host alone.
                "--disable-dev-shm-usage",
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"); // Nothing leaves this machine.
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .build();
        browser = new ChromeDriver(service, options);
    }

    @AfterEach
    void close() {
        try {
            browser.quit();
        } finally {
            host.close();
        }
    }

    @Test
    void a_person_walks_as_the_readme_says() throws Exception {
        step("Open `http://127.0.0.1:8080`. Log in as `alice` with the password that the host printed.");
        browser.manage().window().setSize(new Dimension(1100, 1080));
        login("alice");

        step("Enter the name `laptop`, choose the scope `repo:read`, and press **Create token**.");
        field("Name").sendKeys("laptop");
        browser.findElement(By.xpath("//label[normalize-space()='repo:read']")).click();
        press("Create token");

        step(
                "The page shows the secret. Press **Copy**. In a terminal, run the first line alone, paste the secret and press Enter."
                        + " Then run the second line:");
        String first = copied();
        assertThat(first).startsWith("pat_");
        String variables = runs(0, "", first);

        step("Press **Your tokens**. The secret is gone, and the last use of `laptop` is shown.");
        press("Your tokens");
        await(driver -> !row("active").getText().contains("never"));
        assertThat(browser.getPageSource()).doesNotContain(first);

        step(
                "Press **Rotate** in the row of `laptop`. The page shows the secret of its successor: press **Copy**."
                        + " Run the first two lines, paste the secret and press Enter, then run the rest. At its first use the old token ends:");
        row("active").findElement(By.xpath(".//button[.='Rotate']")).click();
        String second = copied();
        assertThat(second).startsWith("pat_").isNotEqualTo(first);
        Files.write(Path.of("target", "settings-page.png"), browser.getScreenshotAs(OutputType.BYTES));
        variables = runs(1, variables, second);

        step("Press **Your tokens**, then **Revoke** in the row of `laptop` that is active. The token is refused from"
                + " now on:");
        press("Your tokens");
        row("active").findElement(By.xpath(".//button[.='Revoke']")).click();
        await(driver -> driver.findElement(By.tagName("main")).getText().contains("The token is revoked."));
        runs(2, variables, "");

        assertThat(STEP.matcher(readme).results().map(match -> match.group(1))).isEqualTo(taken);
        assertThat(commands).hasSize(3);
    }

    @Test
    void axe_finds_no_fault_of_accessibility_on_any_page() throws IOException {
        assertIsAccessible("/login?error");
        login("admin");
        field("Name").sendKeys("laptop");
        press("Create token");
        await(driver -> driver.findElement(By.id("secret")));
        assertIsAccessible();
        browser.findElement(By.tagName("summary")).sendKeys(Keys.SPACE);
        assertIsAccessible();
        assertIsAccessible("/admin/tokens");
        assertIsAccessible("/nowhere");
    }

    private void assertIsAccessible(String path) throws IOException {
        browser.get(host.url(path));
        assertIsAccessible();
    }

    private void assertIsAccessible() throws IOException {
        try (InputStream script = BrowserTest.class.getResourceAsStream("/axe.min.js")) {
            browser.executeScript(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
        Object found = browser.executeAsyncScript("axe.run().then(found => arguments[0](JSON.stringify(["
                + "found.passes.some(rule => rule.id === 'color-contrast'),"
                + "found.violations.map(rule => [rule.id, rule.nodes.map(node => node.html)])])))");
        assertThat(found).as(browser.getCurrentUrl()).isEqualTo("[true,[]]");
    }

    private void login(String name) {
        browser.get(host.url("/"));
        field("User name").sendKeys(name);
        field("Password").sendKeys(RunningHost.PASSWORD + Keys.ENTER); // by the keyboard alone
        await(driver -> driver.findElement(By.xpath("//h1[.='Your tokens']")));
    }

    private void step(String words) {
        taken.add(words);
    }

    /** Runs commands of the README, compares what they print with what it says, and returns the variables that they set. */
    private String runs(int number, String variables, String pasted) throws Exception {
        String commandsOfReadme = commands.get(number).group(1).replace("http://127.0.0.1:8080", host.url(""));
        Process shell =
                new ProcessBuilder("bash", "-c", variables + commandsOfReadme + "declare -p token old >&2").start();
        shell.getOutputStream().write((pasted + "\n").getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String set = new String(shell.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(printed.strip())
                .as(set)
                .isEqualTo(commands.get(number).group(2).strip());
        return Stream.of(set.split("\n"))
                .filter(line -> line.startsWith("declare -- "))
                .map(line -> line + "\n")
                .reduce("", String::concat);
    }

    /** Presses Copy and pastes into a field, as a person would elsewhere. */
    private String copied() {
        press("Copy");
        await(driver -> driver.findElement(By.id("copied")).getText().equals("Copied."));
        WebElement name = field("Name");
        name.sendKeys(Keys.chord(Keys.CONTROL, "v"));
        String pasted = name.getDomProperty("value");
        name.clear();
        assertThat(pasted).isEqualTo(browser.findElement(By.id("secret")).getDomProperty("value"));
        return pasted;
    }

    private WebElement field(String label) {
        return browser.findElement(By.id(
                browser.findElement(By.xpath("//label[.='" + label + "']")).getDomAttribute("for")));
    }

    private void press(String words) {
        await(driver -> driver.findElement(By.xpath("//button[.='" + words + "'] | //nav/a[.='" + words + "']")))
                .click();
    }

    private WebElement row(String state) {
        return browser.findElement(By.xpath("//tr[th[.='laptop']][td[.='" + state + "']]"));
    }

    private <T> T await(ExpectedCondition<T> condition) {
        return new WebDriverWait(browser, Duration.ofSeconds(60))
                .ignoring(org.openqa.selenium.NoSuchElementException.class)
                .until(condition);
    }
}
