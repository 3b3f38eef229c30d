package dev.caisson.launcher.assembly;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * An image in which one text can be replaced: programs that differ only in a container's id need to be assembled once.
 *
 * <p>The text must be one that stands in the image only where it was meant, such as an id with a random part, and each replacement must be
 * as long, since addresses and lengths stay as they are.
 */
public final class ImageTemplate {

    private final Image image;
    private final byte[] text;
    private final int[] places;

    /** Finds the text in the image. */
    public ImageTemplate(Image image, String text) {
        this.image = image;
        this.text = text.getBytes(StandardCharsets.UTF_8);
        byte[] elf = image.elf();
        int length = this.text.length;
        this.places = IntStream.rangeClosed(0, elf.length - length)
                .filter(place -> Arrays.equals(elf, place, place + length, this.text, 0, length))
                .toArray();
    }

    /** The image with another text in its place. */
    public Image with(String replacement) {
        byte[] other = replacement.getBytes(StandardCharsets.UTF_8);
        if (other.length != text.length) {
            throw new IllegalArgumentException("\"" + replacement + "\" is not as long as what it replaces");
        }
        byte[] elf = image.elf().clone();
        for (int place : places) {
            System.arraycopy(other, 0, elf, place, other.length);
        }
        return new Image(elf, image.layout());
    }
}
