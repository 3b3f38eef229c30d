package dev.caisson.cli;

import dev.caisson.api.CaissonException;
import dev.caisson.engine.LaunchException;
import java.util.Objects;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code caisson} command. */
@Command(
        name = "caisson",
        description = "Runs processes in isolation, as a profile describes it.",
        version = "caisson " + Main.VERSION,
        mixinStandardHelpOptions = true,
        subcommands = {
            RunCommand.class,
            ExplainCommand.class,
            CheckCommand.class,
            BackendsCommand.class,
            GcCommand.class,
            SchemaCommand.class,
            GenerateCompletion.class
        },
        footer = {
            "",
            "Exit codes: the command's own; 128+n for signal n; 125 for errors of Caisson's, usage included;"
                    + " 126 if the command cannot be executed; 127 if it is not found."
        })
public final class Main implements Runnable {

    static final String VERSION = "0.1.0";

    /** The exit code of Caisson's own errors. */
    static final int ERROR = 125;

    @Option(names = "--debug", description = "Show the stack trace of errors.", scope = ScopeType.INHERIT)
    private boolean debug;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Runs the command line and exits. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs the command line; returns the exit code. */
    static int run(String... arguments) {
        Main main = new Main();
        CommandLine commands = new CommandLine(main);
        commands.setParameterExceptionHandler((e, args) -> {
            error(
                    e.getCommandLine(),
                    e.getMessage() + "; see "
                            + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return ERROR;
        });
        commands.setExecutionExceptionHandler((e, command, parsed) -> {
            if (main.debug || !(e instanceof CaissonException)) {
                e.printStackTrace(command.getErr());
            }
            error(command, Objects.requireNonNullElse(e.getMessage(), e.toString()));
            return e instanceof LaunchException launch ? launch.exitCode() : ERROR;
        });
        return commands.execute(arguments);
    }

    private static void error(CommandLine command, String message) {
        command.getErr().println("caisson: " + message.replace('\n', ' '));
    }
}
