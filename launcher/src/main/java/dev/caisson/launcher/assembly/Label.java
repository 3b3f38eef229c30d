package dev.caisson.launcher.assembly;

import java.util.ArrayList;
import java.util.List;

/** A place in the code that jumps lead to, before or after it is known. */
final class Label {

    /** The offset in the code, or -1 while unknown. */
    int offset = -1;

    /** The offsets of instructions that jump here. */
    final List<Integer> references = new ArrayList<>();
}
