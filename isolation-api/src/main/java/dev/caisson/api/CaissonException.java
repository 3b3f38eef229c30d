package dev.caisson.api;

import org.jspecify.annotations.Nullable;

/** The base of all errors that Caisson raises on purpose; the subtype says who must act. */
public class CaissonException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With a message of one line: where, what, and what would help. */
    public CaissonException(String message) {
        super(message);
    }

    /** With a message of one line and a cause. */
    public CaissonException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
