package dev.caisson.engine.process;

import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.text;
import static dev.caisson.program.Argument.word;

import dev.caisson.program.Argument;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.List;

/** What the monitor does to itself: before anything else, and when the child is on its way. */
public final class MonitorProcess {

    private static final Argument LAST = word(0xffffffffL, "~0");

    private MonitorProcess() {}

    /**
     * Drops what came through the JVM: descriptors beyond the five that it is given, the working directory, the umask.
     *
     * @param subreaper whether orphans must come to the monitor, as there is no pid namespace that ends them
     */
    public static List<Step> begin(boolean subreaper) {
        Step close = Step.of(
                "close every descriptor but the five given", Op.call("close_range", number(5), LAST, number(0)));
        Step name = Step.of("name the process", Op.call("prctl", flags("PR_SET_NAME"), text("caisson")));
        Step directory = Step.of("leave the working directory", Op.call("chdir", text("/")));
        Step umask = Step.of("create files with exactly the modes given", Op.call("umask", number(0)));
        Step reaper =
                Step.of("become the parent of orphans", Op.call("prctl", flags("PR_SET_CHILD_SUBREAPER"), number(1)));
        return subreaper ? List.of(close, name, directory, umask, reaper) : List.of(close, name, directory, umask);
    }

    /** Lets go of the container's streams, so that their readers see an end when the container closes them. */
    public static List<Step> letGo() {
        return List.of(
                Step.of("let go of the container's streams", Op.call("close_range", number(0), number(2), number(0))),
                Step.of("leave the status socket to the child", Op.call("close", number(4))));
    }
}
