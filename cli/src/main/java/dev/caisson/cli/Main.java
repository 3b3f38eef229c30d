package dev.caisson.cli;

/** The command's entry point. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.out.println("caisson 0.1.0");
    }
}
