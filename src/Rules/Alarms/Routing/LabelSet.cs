using System.Text;

namespace Seamless.Rules.Alarms.Routing;

/// <summary>The labels of an alert, which are its identity: the same labels, the same alert.</summary>
public sealed class LabelSet : IEquatable<LabelSet>
{
    public static readonly LabelSet Empty = new([]);

    private readonly SortedDictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly string _key;

    /// <remarks>An empty value is no label.</remarks>
    public LabelSet(IEnumerable<KeyValuePair<string, string>> labels)
    {
        foreach (var (name, value) in labels)
            if (value.Length > 0) _labels[name] = value;
        var key = new StringBuilder();
        foreach (var (name, value) in _labels) key.Append(name.Length).Append(':').Append(name).Append(value.Length).Append(':').Append(value);
        _key = key.ToString();
    }

    /// <summary>The value of a label; empty when it is missing.</summary>
    public string this[string name] => _labels.GetValueOrDefault(name, "");

    public IReadOnlyDictionary<string, string> Labels => _labels;

    /// <param name="names">Null for all of them.</param>
    public LabelSet Only(IReadOnlyList<string>? names) => names is null ? this : new LabelSet(_labels.Where(label => names.Contains(label.Key)));

    public bool Equals(LabelSet? other) => other is not null && _key == other._key;
    public override bool Equals(object? obj) => Equals(obj as LabelSet);
    public override int GetHashCode() => _key.GetHashCode(StringComparison.Ordinal);
    public override string ToString() => $"{{{string.Join(", ", _labels.Select(label => $"{label.Key}={label.Value}"))}}}";
}
