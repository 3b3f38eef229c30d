package dev.caisson.api;

/**
 * Something that a probe found out, with what would help.
 *
 * @param severity what it means for a start
 * @param problem what is so, in a sentence without a final period
 * @param remedy what would help, in the imperative; empty when nothing would
 */
public record Finding(Severity severity, String problem, String remedy) {

    /** What a finding means. */
    public enum Severity {
        /** Good to know. */
        NOTE,
        /** It works, with less than the user may expect. */
        WARNING,
        /** It does not work here. */
        BLOCKER
    }

    /** A note. */
    public static Finding note(String problem) {
        return new Finding(Severity.NOTE, problem, "");
    }

    /** A warning with its remedy. */
    public static Finding warning(String problem, String remedy) {
        return new Finding(Severity.WARNING, problem, remedy);
    }

    /** A blocker with its remedy. */
    public static Finding blocker(String problem, String remedy) {
        return new Finding(Severity.BLOCKER, problem, remedy);
    }

    @Override
    public String toString() {
        return remedy.isEmpty() ? problem : problem + "; " + remedy;
    }
}
