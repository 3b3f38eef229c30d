package dev.caisson.api;

import org.jspecify.annotations.Nullable;

/** The profile asks for what cannot be: its author must act. */
public class ProfileException extends CaissonException {

    private static final long serialVersionUID = 1L;

    /** With a message of one line: where, what, and what would help. */
    public ProfileException(String message) {
        super(message);
    }

    /** With a message of one line and a cause. */
    public ProfileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
