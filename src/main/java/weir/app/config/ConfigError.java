package weir.app.config;

/**
 * One thing that is wrong in weir.yaml or in a price file. Holds nothing that came from the
 * environment or from a secret file: a value is shown as it stands in the file, its variables
 * unreplaced.
 *
 * @param file as it was named to Weir
 * @param line of the value, counted from 1
 * @param field path to the value ({@code limits[2].spend}); empty for the file as a whole
 * @param found what stands there
 * @param allowed what may stand there
 */
public record ConfigError(String file, int line, String field, String found, String allowed) {
    /** One line: {@code weir.yaml:14: limits[1].requests: found "6/x"; allowed: …}. */
    @Override
    public String toString() {
        String place = field.isEmpty() ? "" : field + ": ";
        return file + ":" + line + ": " + place + "found " + found + "; allowed: " + allowed;
    }
}
