package dev.caisson.vfs;

import dev.caisson.program.Argument;

/** An open file of this process. */
record Descriptor(Calls calls, int number) implements AutoCloseable {

    Argument argument() {
        return Argument.number(number);
    }

    @Override
    public void close() {
        calls.attempt("close", argument());
    }
}
