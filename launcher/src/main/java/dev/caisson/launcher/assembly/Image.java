package dev.caisson.launcher.assembly;

/**
 * An assembled launch program.
 *
 * @param elf the executable file
 * @param layout how to read what its monitor tells at the end
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, from the assembler to whoever writes the file
public record Image(byte[] elf, OutcomeLayout layout) {}
