package weir.price;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which rates a request's terms of service lead to. Words come from requests and responses, so any
 * word may stand here; a word is never guessed downward:
 *
 * <ul>
 *   <li>a neutral word ({@link #NEUTRAL}) means the standard rates
 *   <li>a tier of the row ({@code batch}, {@code priority}, {@code fast}) means that tier's rates;
 *       of several, the dearest for this usage
 *   <li>a region of the row ({@code us}, {@code eu}) means its uplift; of several, the largest
 *   <li>a discount that the row does not price means the standard rates, which discounts are taken
 *       from
 *   <li>so does the size of what is made ({@code 1080p}, {@code hd/1024x1792}): the standard rates
 *       are those of the dearest size
 *   <li>a region that the row does not price means the row's largest uplift, at least {@link
 *       #USUAL_UPLIFT}
 *   <li>any other word means the dearest tier and that same uplift
 * </ul>
 *
 * @param tiers the rates in question, at least one; the dearest counts
 * @param upliftThousandths what token prices are multiplied by, at least 1000
 */
record Terms(List<List<Step>> tiers, int upliftThousandths) {
    /** {@code auto} is decided by the provider, who says in the response what it has become. */
    static final Set<String> NEUTRAL =
            Set.of(
                    "",
                    "default",
                    "standard",
                    "auto",
                    "scale",
                    "reserved",
                    "on_demand",
                    "global",
                    "not_available");

    private static final Pattern SIZE =
            Pattern.compile("(?:[a-z]+/)?\\d{2,5}x\\d{2,5}|\\d{3,4}p|\\dk");

    static final Set<String> DISCOUNTS = Set.of("batch", "flex");
    static final Set<String> REGIONS = Set.of("us", "eu", "ae", "au", "in", "jp");

    /** What a multiplication by one is. */
    static final int ONE = 1000;

    /** A tenth more: what every list that prices a region at all asks for it. */
    static final int USUAL_UPLIFT = 1100;

    static Terms read(List<String> words, RateCard card) {
        List<List<Step>> tiers = new ArrayList<>(1);
        int uplift = ONE;
        for (String word : words) {
            List<Step> tier = card.tiers().get(word);
            if (NEUTRAL.contains(word)) {
                continue;
            }
            if (tier != null) {
                tiers.add(tier);
            } else if (DISCOUNTS.contains(word) || SIZE.matcher(word).matches()) {
                tiers.add(card.steps());
            } else if (card.uplifts().containsKey(word) || REGIONS.contains(word)) {
                Integer own = card.uplifts().get(word);
                uplift = Math.max(uplift, own != null ? own : largest(card.uplifts()));
            } else {
                tiers.add(card.steps());
                tiers.addAll(card.tiers().values());
                uplift = Math.max(uplift, largest(card.uplifts()));
            }
        }
        if (tiers.isEmpty()) {
            tiers.add(card.steps());
        }
        return new Terms(tiers, uplift);
    }

    private static int largest(Map<String, Integer> uplifts) {
        return uplifts.values().stream().reduce(USUAL_UPLIFT, Math::max);
    }
}
