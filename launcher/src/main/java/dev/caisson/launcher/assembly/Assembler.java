package dev.caisson.launcher.assembly;

import dev.caisson.program.Architecture;
import dev.caisson.program.Argument;
import dev.caisson.program.Constants;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.LaunchProgram.Line;
import dev.caisson.program.Namespace;
import dev.caisson.program.OnFailure;
import dev.caisson.program.Op;
import dev.caisson.program.Section;
import dev.caisson.program.Step;
import java.util.List;
import java.util.stream.Stream;

/**
 * Assembles a launch program.
 *
 * <p>The executable's way, where each name in brackets is a section of the program:
 *
 * <pre>
 *   monitor   prologue  [setup: clone3]  [after-clone: supervise]  wait  [teardown]  outcome  exit
 *                            |  the first failure goes to the teardown       ^
 *   child                    +-> [child: execve]    a failure is reported, then exit 125
 * </pre>
 *
 * <p>Straight-line code: each step becomes its own instructions, so the machine has no interpreter that would have to be trusted, and a
 * failing step knows its number by being at it.
 */
public final class Assembler {

    private static final long CLONE_INTO_CGROUP = 0x200000000L;
    private static final int SIGCHLD = 17;

    private final LaunchProgram program;
    private final Machine m;
    private final Memory memory;
    private final Frame frame;
    private final OutcomeLayout layout;
    private final Label child = new Label();
    private final Label teardown = new Label();
    private int collected;

    private Assembler(LaunchProgram program, Architecture architecture) {
        this.program = program;
        m = Machine.of(architecture);
        memory = new Memory(architecture, ElfFile.HEADERS);
        layout = new OutcomeLayout(operations()
                .filter(Op.CollectFile.class::isInstance)
                .map(op -> ((Op.CollectFile) op).key())
                .toList());
        frame = new Frame(m, memory, layout, Op.Clone.PID, Op.Clone.PIDFD);
    }

    /** The program as an executable for an architecture. */
    public static Image assemble(LaunchProgram program, Architecture architecture) {
        return new Assembler(program, architecture).assemble();
    }

    private Image assemble() {
        Label monitorFailed = new Label();
        Label runningFailed = new Label();
        Label childFailed = new Label();

        prologue();
        steps(Section.SETUP, monitorFailed);
        steps(Section.AFTER_CLONE, runningFailed);
        if (has(Op.Clone.class)) {
            waitForChild();
        }
        m.jump(teardown);

        m.bind(monitorFailed);
        noteFailure();
        m.jump(teardown);

        m.bind(runningFailed);
        noteFailure();
        frame.kill();
        waitForChild();
        m.jump(teardown);

        m.bind(child);
        steps(Section.CHILD, childFailed);
        frame.exit(0); // a trial, without a command

        m.bind(childFailed);
        childFailure();

        // Last, in the order of the program: a teardown may give its results names that others had.
        m.bind(teardown);
        teardown();
        outcome();
        return new Image(ElfFile.write(m, memory), layout);
    }

    /**
     * Maps the shared page, blocks all signals (they are taken from descriptors), sees to it that the child can be waited for even if
     * SIGCHLD was ignored where the program was started, and takes the gate.
     */
    private void prologue() {
        Label mapped = new Label();
        m.systemCall(
                "mmap",
                Operand.of(Memory.SHARED),
                Operand.of(Memory.SHARED_SIZE),
                Operand.of(3), // PROT_READ | PROT_WRITE
                Operand.of(0x31), // MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS
                Operand.of(-1),
                Operand.of(0));
        m.branch(Condition.EQUAL, Memory.SHARED, mapped);
        frame.exit(125);
        m.bind(mapped);
        m.systemCall(
                "rt_sigprocmask",
                Operand.of(2), // SIG_SETMASK
                Operand.of(memory.words(-1)),
                Operand.of(0),
                Operand.of(8));
        m.systemCall("rt_sigaction", Operand.of(SIGCHLD), Operand.of(memory.room(32)), Operand.of(0), Operand.of(8));
        Gate.prepare(frame, has(Op.OpenGate.class));
        m.set(frame.outcome(OutcomeLayout.STATUS), OutcomeLayout.NO_STATUS);
    }

    private void steps(Section section, Label failed) {
        for (int number = 1; number <= program.size(); number++) {
            Line line = program.line(number);
            if (line.section() == section) {
                m.set(frame.currentStep, number);
                step(section, line.step(), failed);
            }
        }
    }

    /** A step, its failure policy, and where its result goes. At {@code failed}, the accumulator is the negative error number. */
    private void step(Section section, Step step, Label failed) {
        Label again = new Label();
        Label done = new Label();
        long attempts = step.onFailure() instanceof OnFailure.Retry ? memory.word() : 0;
        m.bind(again);
        operation(step.op(), failed);
        OnFailure policy = step.onFailure();
        if (policy instanceof OnFailure.Fail) {
            m.branch(Condition.LESS, 0, failed);
        } else {
            m.branch(Condition.GREATER_OR_EQUAL, 0, done);
        }
        if (policy instanceof OnFailure.Tolerate tolerate) {
            tolerate.errors().stream().sorted().forEach(errno -> m.branch(Condition.EQUAL, -errno.number(), done));
            m.jump(failed);
        } else if (policy instanceof OnFailure.Retry retry) {
            retry(retry, attempts, again, done, failed);
        } else if (policy instanceof OnFailure.Otherwise otherwise) {
            step(section, otherwise.alternative(), failed);
        }
        m.bind(done);
        if (step.result() != null) {
            // What the monitor finds out while the child waits, the child must see.
            m.store(memory.define(step.result(), section == Section.AFTER_CLONE));
        }
    }

    private void retry(OnFailure.Retry retry, long attempts, Label again, Label done, Label failed) {
        long error = memory.word();
        long pause = memory.words(retry.pause().toSeconds(), retry.pause().toNanosPart());
        Label repeat = new Label();
        retry.tolerated().stream().sorted().forEach(errno -> m.branch(Condition.EQUAL, -errno.number(), done));
        retry.errors().stream().sorted().forEach(errno -> m.branch(Condition.EQUAL, -errno.number(), repeat));
        m.jump(failed);
        m.bind(repeat);
        m.store(error);
        m.loadWord(attempts);
        m.add(1);
        m.store(attempts);
        Label wait = new Label();
        m.branch(Condition.LESS, retry.attempts(), wait);
        m.loadWord(error);
        m.jump(failed);
        m.bind(wait);
        m.systemCall("nanosleep", Operand.of(pause), Operand.of(0));
        m.jump(again);
    }

    /** Accumulator = what the operation returned: negative is an error. */
    private void operation(Op op, Label failed) {
        if (op instanceof Op.SystemCall call) {
            Operand[] operands = new Operand[call.arguments().size()];
            List<Argument> arguments = call.arguments();
            for (int i = 0; i < operands.length; i++) {
                operands[i] = memory.operand(arguments.get(i), m);
            }
            m.systemCall(call.name(), operands);
        } else if (op instanceof Op.WriteFile write) {
            FileRoutines.write(frame, write);
        } else if (op instanceof Op.ExpectFile expect) {
            FileRoutines.expect(frame, expect);
        } else if (op instanceof Op.CollectFile collect) {
            FileRoutines.collect(
                    frame,
                    collect,
                    frame.outcome(OutcomeLayout.COLLECTED) + (long) collected * OutcomeLayout.COLLECTED_SIZE);
            collected++;
        } else if (op instanceof Op.KillListed kill) {
            FileRoutines.killListed(frame, kill);
        } else if (op instanceof Op.Clone clone) {
            clone(clone);
        } else if (op instanceof Op.OpenGate) {
            Gate.open(frame);
        } else if (op instanceof Op.AwaitGate) {
            Gate.await(frame);
        } else if (op instanceof Op.Supervise supervise) {
            Supervision.emit(frame, supervise, failed);
        } else if (op instanceof Op.ForkInit) {
            InitProcess.emit(frame);
        } else if (op instanceof Op.Exec exec) {
            Execution.emit(frame, exec);
        } else if (op instanceof Op.DropRecord drop) {
            dropRecord(drop);
        } else if (op instanceof Op.Fault fault) {
            m.load(-fault.errno().number());
        } else {
            throw new AssertionError(op);
        }
    }

    private void clone(Op.Clone clone) {
        List<String> names =
                clone.namespaces().stream().map(Namespace::cloneFlag).toList();
        long flags = Constants.value(names, m.architecture()) | 0x1000; // CLONE_PIDFD
        if (has(Op.OpenGate.class)) {
            flags |= 0x400; // CLONE_FILES: what the monitor opens while the child waits is there in the child
        }
        if (clone.cgroup().isPresent()) {
            flags |= CLONE_INTO_CGROUP;
        }
        long arguments = memory.words(flags, frame.pidfd, 0, 0, SIGCHLD, 0, 0, 0, 0, 0, 0); // struct clone_args
        clone.cgroup().ifPresent(cgroup -> {
            m.loadWord(memory.result(cgroup.name()));
            m.store(arguments + 80);
        });
        frame.clock(frame.outcome(OutcomeLayout.START));
        m.systemCall("clone3", Operand.of(arguments), Operand.of(88));
        m.branch(Condition.EQUAL, 0, child);
        m.store(frame.pid);
    }

    /** Until the child has ended; does nothing when {@link Supervision} has waited for it. */
    private void waitForChild() {
        Label wait = new Label();
        Label end = new Label();
        long status = frame.outcome(OutcomeLayout.STATUS);
        m.loadWord(status);
        m.branch(Condition.NOT_EQUAL, OutcomeLayout.NO_STATUS, end);
        m.bind(wait);
        m.systemCall(
                "wait4",
                Operand.word(frame.pid),
                Operand.of(status),
                Operand.of(0),
                Operand.of(frame.outcome(OutcomeLayout.RUSAGE)));
        m.branch(Condition.EQUAL, -Errno.EINTR.number(), wait);
        m.bind(end);
        m.loadInt(status); // the kernel wrote 32 bits of it
        m.store(status);
        frame.clock(frame.outcome(OutcomeLayout.END));
    }

    /** Every step, whatever fails; the first failure is noted. */
    private void teardown() {
        for (int number = 1; number <= program.size(); number++) {
            Line line = program.line(number);
            if (line.section() == Section.TEARDOWN) {
                Label failed = new Label();
                Label next = new Label();
                step(Section.TEARDOWN, line.step(), failed);
                m.jump(next);
                m.bind(failed);
                note(OutcomeLayout.TEARDOWN_STEP, OutcomeLayout.TEARDOWN_ERROR, number);
                m.bind(next);
            }
        }
    }

    private void dropRecord(Op.DropRecord drop) {
        Label keep = new Label();
        m.loadWord(frame.outcome(OutcomeLayout.TEARDOWN_STEP));
        m.branch(Condition.NOT_EQUAL, 0, keep);
        m.systemCall("unlinkat", Operand.of(-100), Operand.of(memory.string(drop.path())), Operand.of(0));
        Label end = new Label();
        m.jump(end);
        m.bind(keep);
        m.load(0);
        m.bind(end);
    }

    /** Completes the outcome with what the child and pid 1 have told, sends it, and ends. */
    private void outcome() {
        Label noFailure = new Label();
        Label noCommand = new Label();
        m.loadWord(frame.childFailedStep);
        m.branch(Condition.EQUAL, 0, noFailure);
        m.store(frame.outcome(OutcomeLayout.FAILED_STEP));
        m.loadWord(frame.childFailedError);
        m.store(frame.outcome(OutcomeLayout.FAILED_ERROR));
        m.bind(noFailure);
        m.loadWord(frame.commandEnded);
        m.branch(Condition.EQUAL, 0, noCommand);
        m.loadWord(frame.commandStatus);
        m.store(frame.outcome(OutcomeLayout.STATUS));
        m.bind(noCommand);
        m.systemCall("write", Operand.of(Frame.CONTROL), Operand.of(frame.outcome), Operand.of(layout.size()));
        frame.exit(0);
    }

    /** In the monitor: reports the failure of the current step, and keeps it for the outcome. */
    private void noteFailure() {
        frame.sendReport();
        m.loadWord(frame.report);
        m.store(frame.outcome(OutcomeLayout.FAILED_STEP));
        m.loadWord(frame.report + 8);
        m.store(frame.outcome(OutcomeLayout.FAILED_ERROR));
    }

    /** In the child: stores first, as a filter may already forbid to write. */
    private void childFailure() {
        long error = memory.word();
        m.store(error);
        frame.negate();
        m.store(frame.childFailedError);
        m.loadWord(frame.currentStep);
        m.store(frame.childFailedStep);
        m.loadWord(error);
        frame.sendReport();
        frame.exit(125);
    }

    private void note(int stepIndex, int errorIndex, int number) {
        Label known = new Label();
        long error = memory.word();
        m.store(error);
        m.loadWord(frame.outcome(stepIndex));
        m.branch(Condition.NOT_EQUAL, 0, known);
        m.set(frame.outcome(stepIndex), number);
        m.loadWord(error);
        frame.negate();
        m.store(frame.outcome(errorIndex));
        m.bind(known);
    }

    /** Whether the program has an operation of a kind, or would have one but for a planted fault. */
    private boolean has(Class<? extends Op> kind) {
        return operations().anyMatch(op -> kind.isInstance(op instanceof Op.Fault fault ? fault.planned() : op));
    }

    /** Every operation in the order in which it is assembled, alternatives included. */
    private Stream<Op> operations() {
        return program.lines().stream().flatMap(line -> operations(line.step()));
    }

    private static Stream<Op> operations(Step step) {
        return step.onFailure() instanceof OnFailure.Otherwise otherwise
                ? Stream.concat(Stream.of(step.op()), operations(otherwise.alternative()))
                : Stream.of(step.op());
    }
}
