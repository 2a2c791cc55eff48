package weir.price;

import java.util.ArrayList;
import java.util.List;

/**
 * The forms that one model's name has at one vendor, from what a request says to the plainest:
 *
 * <ul>
 *   <li>as it is
 *   <li>without what leads to it and who owns it: {@code arn:aws:bedrock:…/NAME}, {@code
 *       publishers/google/models/NAME}, {@code NAME@20250805}, {@code NAME:<version hash>}; a
 *       fine-tuned model ({@code ft:base:owner:name:id}) is {@code ft:base}, which has rows of its
 *       own
 *   <li>without its revision: {@code -v1:0}
 *   <li>without its date: {@code -2026-08-01}, {@code -20260801}, {@code -latest}
 * </ul>
 */
final class ModelNames {
    private static final String LATEST = "-latest";
    private static final String FINE_TUNED = "ft:";
    private static final String MODELS = "models/";

    /** Replicate's versions have 64 digits; no vendor's revision has a quarter of that. */
    private static final int HASH_DIGITS = 16;

    private ModelNames() {}

    static List<String> forms(String model) {
        List<String> forms = new ArrayList<>(4);
        forms.add(model);
        String bare = bare(model);
        add(forms, bare);
        String unrevised = withoutRevision(bare);
        add(forms, unrevised);
        add(forms, withoutDate(unrevised));
        return forms;
    }

    private static void add(List<String> forms, String form) {
        if (!form.equals(forms.getLast())) {
            forms.add(form);
        }
    }

    private static String bare(String model) {
        if (model.startsWith(FINE_TUNED)) {
            return upTo(model, model.indexOf(':', FINE_TUNED.length()));
        }
        String name = model;
        if (name.startsWith("arn:")) {
            name = name.substring(name.lastIndexOf('/') + 1);
        }
        int models = name.lastIndexOf(MODELS);
        if (models >= 0 && (models == 0 || name.charAt(models - 1) == '/')) {
            name = name.substring(models + MODELS.length());
        }
        name = upTo(name, name.indexOf('@'));
        int colon = name.lastIndexOf(':');
        return name.length() - colon > HASH_DIGITS ? upTo(name, colon) : name;
    }

    private static String upTo(String name, int end) {
        return end <= 0 ? name : name.substring(0, end);
    }

    /** Bedrock's: {@code -v1:0}, {@code -v1:0:300k}; a colon tells it from other versions. */
    private static String withoutRevision(String name) {
        int start = name.lastIndexOf("-v");
        if (start < 1 || start + 2 == name.length()) {
            return name;
        }
        String revision = name.substring(start + 2);
        boolean digits = revision.charAt(0) >= '0' && revision.charAt(0) <= '9';
        boolean rest =
                revision.indexOf(':') > 0
                        && revision.chars().allMatch(c -> (c >= '0' && c <= ':') || c == 'k');
        return digits && rest ? name.substring(0, start) : name;
    }

    private static String withoutDate(String name) {
        if (name.endsWith(LATEST)) {
            return name.substring(0, name.length() - LATEST.length());
        }
        for (String shape : new String[] {"-20dd-dd-dd", "-20dddddd"}) {
            if (endsLike(name, shape)) {
                return name.substring(0, name.length() - shape.length());
            }
        }
        return name;
    }

    /** Where {@code d} in the shape stands for a digit and everything else for itself. */
    private static boolean endsLike(String name, String shape) {
        int start = name.length() - shape.length();
        if (start < 1) {
            return false;
        }
        for (int i = 0; i < shape.length(); i++) {
            char c = name.charAt(start + i);
            boolean digit = c >= '0' && c <= '9';
            if (shape.charAt(i) == 'd' ? !digit : c != shape.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
