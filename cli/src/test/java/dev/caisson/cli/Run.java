package dev.caisson.cli;

/** How a run ended: its exit code and what it wrote. */
record Run(int exit, String out, String err) {}
