import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Adds up the XML reports of Surefire, Failsafe and JUnit's console launcher, lists what was skipped and why, and ends
 * with one line of totals. Run from source by bin/test: {@code java TestSummary.java ROOT [FAILED-STAGE]...}.
 *
 * <p>A test that ran in two places, on this machine and in the virtual machine, counts once: a failure anywhere is a
 * failure, and skipped means that it ran nowhere.
 */
public final class TestSummary {

    /** In order of weight: of two outcomes of one test the later counts. */
    private enum Outcome {
        SKIPPED,
        PASSED,
        FAILED
    }

    private record Result(Outcome outcome, String reason) {}

    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        List<String> failedStages = new ArrayList<>(List.of(args).subList(1, args.length));

        TreeMap<String, Result> results = new TreeMap<>();
        for (Path report : reports(root)) {
            var cases = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                Element test = (Element) cases.item(i);
                results.merge(
                        name(test), result(test), (a, b) -> a.outcome().compareTo(b.outcome()) >= 0 ? a : b);
            }
        }

        print(results, Outcome.FAILED, "failed tests:");
        print(results, Outcome.SKIPPED, "skipped tests:");
        if (results.isEmpty()) {
            failedStages.add("no test ran");
        }
        failedStages.forEach(stage -> System.out.println("failed: " + stage));

        long failed = count(results, Outcome.FAILED);
        if (failed == 0) {
            failed = failedStages.size(); // it did not compile, say, or the machine did not start
        }
        System.out.printf(
                "%d passed, %d failed, %d skipped%n",
                count(results, Outcome.PASSED), failed, count(results, Outcome.SKIPPED));
        System.exit(failed == 0 ? 0 : 1);
    }

    private static List<Path> reports(Path root) throws IOException {
        List<Path> reports = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.sorted().toList()) {
                for (String dir : List.of("target/surefire-reports", "target/failsafe-reports")) {
                    addReports(module.resolve(dir), reports);
                }
            }
        }
        addReports(root.resolve("target/vm-reports"), reports);
        return reports;
    }

    private static void addReports(Path dir, List<Path> reports) throws IOException {
        if (Files.isDirectory(dir)) {
            try (Stream<Path> files = Files.list(dir)) {
                files.filter(f -> f.getFileName().toString().matches("TEST-.*\\.xml"))
                        .sorted()
                        .forEach(reports::add);
            }
        }
    }

    /** Without the parameter list, which the launchers write differently; an index of a parameterized test stays. */
    private static String name(Element test) {
        String method = test.getAttribute("name").replaceFirst("\\([^)]*\\)", "");
        return test.getAttribute("classname") + (method.isEmpty() ? "" : "." + method);
    }

    private static Result result(Element test) {
        if (has(test, "failure") || has(test, "error")) {
            return new Result(Outcome.FAILED, "");
        }
        if (!has(test, "skipped")) {
            return new Result(Outcome.PASSED, "");
        }
        Element skipped = (Element) test.getElementsByTagName("skipped").item(0);
        String message = skipped.getAttribute("message");
        if (message.isEmpty()) {
            message = skipped.getTextContent().strip().lines().findFirst().orElse("");
        }
        message = message.replaceFirst("^[\\w.]*TestAbortedException: ", "").replaceFirst("^Assumption failed: ", "");
        return new Result(Outcome.SKIPPED, message.isEmpty() ? "no reason given" : message);
    }

    private static boolean has(Element test, String tag) {
        return test.getElementsByTagName(tag).getLength() > 0;
    }

    private static long count(TreeMap<String, Result> results, Outcome outcome) {
        return results.values().stream().filter(r -> r.outcome() == outcome).count();
    }

    private static void print(TreeMap<String, Result> results, Outcome outcome, String title) {
        if (count(results, outcome) == 0) {
            return;
        }
        System.out.println(title);
        results.forEach((name, result) -> {
            if (result.outcome() == outcome) {
                System.out.println("  " + name + (result.reason().isEmpty() ? "" : ": " + result.reason()));
            }
        });
    }
}
