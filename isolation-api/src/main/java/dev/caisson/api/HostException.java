package dev.caisson.api;

import org.jspecify.annotations.Nullable;

/** The host lacks or refuses something: its administrator must act. */
public class HostException extends CaissonException {

    private static final long serialVersionUID = 1L;

    /** With a message of one line: where, what, and what would help. */
    public HostException(String message) {
        super(message);
    }

    /** With a message of one line and a cause. */
    public HostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
