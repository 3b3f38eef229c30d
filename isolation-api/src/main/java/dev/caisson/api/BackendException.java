package dev.caisson.api;

import org.jspecify.annotations.Nullable;

/** A backend breaks its contract: its author must act. */
public class BackendException extends CaissonException {

    private static final long serialVersionUID = 1L;

    /** With a message of one line: where, what, and what would help. */
    public BackendException(String message) {
        super(message);
    }

    /** With a message of one line and a cause. */
    public BackendException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
