package weir.observe;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The histograms, which Prometheus reads beside the registry's meters. Micrometer's own keep a
 * maximum over a moving window too, and read the clock for it with every amount.
 */
final class Histograms extends Collector {
    private record Key(String name, Histogram.Scale scale, Tags tags) {}

    private final Map<Key, Histogram> all = new ConcurrentHashMap<>();

    /** The histogram of that name and those labels, which is made where there is none. */
    Histogram get(String name, Histogram.Scale scale, Tags tags) {
        return all.computeIfAbsent(new Key(name, scale, tags), key -> new Histogram(key.scale()));
    }

    @Override
    public List<MetricFamilySamples> collect() {
        Map<String, List<MetricFamilySamples.Sample>> families = new TreeMap<>();
        all.forEach((key, histogram) -> {
            String name = key.scale().shown(key.name());
            show(
                    name,
                    key.tags(),
                    histogram,
                    families.computeIfAbsent(name, n -> new ArrayList<>()));
        });
        return families.entrySet().stream()
                .map(f -> new MetricFamilySamples(f.getKey(), Type.HISTOGRAM, " ", f.getValue()))
                .toList();
    }

    private static void show(
            String name, Tags tags, Histogram histogram, List<MetricFamilySamples.Sample> samples) {
        List<String> labels = tags.stream().map(Tag::getKey).toList();
        List<String> values = tags.stream().map(Tag::getValue).toList();
        long count =
                histogram.read((bound, upToIt) ->
                        samples.add(
                                new MetricFamilySamples.Sample(
                                        name + "_bucket",
                                        and(labels, "le"),
                                        and(values, doubleToGoString(bound)),
                                        upToIt)));
        samples.add(new MetricFamilySamples.Sample(name + "_count", labels, values, count));
        samples.add(new MetricFamilySamples.Sample(name + "_sum", labels, values, histogram.sum()));
    }

    private static List<String> and(List<String> all, String one) {
        List<String> more = new ArrayList<>(all);
        more.add(one);
        return more;
    }
}
