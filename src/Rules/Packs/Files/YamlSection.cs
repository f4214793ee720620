using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Seamless.Rules.Packs.Files;

/// <summary>A mapping in a YAML file, read strictly: every key is asked for by name, and a key that nobody asked for is a problem.</summary>
public sealed class YamlSection
{
    private readonly YamlMappingNode _node;
    private readonly string _file;
    private readonly List<PackProblem> _problems;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private YamlSection(YamlMappingNode node, string file, List<PackProblem> problems) => (_node, _file, _problems) = (node, file, problems);

    /// <summary>The mapping at the top of a file; null, with the problem listed, when there is none.</summary>
    public static YamlSection? Open(string file, string text, List<PackProblem> problems)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root) return new YamlSection(root, file, problems);
            problems.Add(new PackProblem(file, 1, 1, "the file must hold exactly one mapping", "key: value lines"));
        }
        catch (YamlException broken)
        {
            problems.Add(new PackProblem(file, (int)broken.Start.Line, (int)broken.Start.Column, broken.InnerException?.Message ?? broken.Message, null));
        }
        return null;
    }

    public string File => _file;

    /// <summary>The keys that were asked for.</summary>
    public IEnumerable<string> Asked => _asked;

    public bool Has(string key) => Find(key) is not null;

    public IEnumerable<string> Keys => _node.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value ?? "");

    public bool IsMapping(string key) => Find(key) is YamlMappingNode;

    public bool IsList(string key) => Find(key) is YamlSequenceNode;

    /// <summary>A key that is itself a duration.</summary>
    public TimeSpan KeyAsDuration(string key)
    {
        if (Durations.TryParse(key, out var duration)) return duration;
        Problem(key, $"'{key}' is not a duration", Durations.Form);
        return TimeSpan.Zero;
    }

    public (int Line, int Column) At => Position(_node);

    /// <summary>Where the value of <paramref name="key"/> stands, or the section when it is absent.</summary>
    public (int Line, int Column) PositionOf(string key) => Find(key) is { } node ? Position(node) : At;

    public string Text(string key)
    {
        if (Scalar(key) is { Value.Length: > 0 } scalar) return scalar.Value;
        if (!Has(key)) Missing(key);
        return "";
    }

    public string? OptionalText(string key) => Scalar(key)?.Value;

    public double Number(string key)
    {
        if (!Has(key)) Missing(key);
        return OptionalNumber(key) ?? 0;
    }

    public double? OptionalNumber(string key)
    {
        if (Scalar(key) is not { } scalar) return null;
        if (TryNumber(scalar.Value, out var number)) return number;
        Problem(key, $"'{key}: {scalar.Value}' is not a number", "a plain decimal number such as 7.1");
        return null;
    }

    public int WholeNumber(string key, int otherwise)
    {
        var number = OptionalNumber(key);
        if (number is null) return otherwise;
        if (number == Math.Floor(number.Value) && Math.Abs(number.Value) < int.MaxValue) return (int)number;
        Problem(key, $"'{key}' must be a whole number", null);
        return otherwise;
    }

    public bool Flag(string key, bool otherwise = false)
    {
        if (Scalar(key) is not { } scalar) return otherwise;
        if (scalar.Value is "true" or "false") return scalar.Value is "true";
        Problem(key, $"'{key}: {scalar.Value}' is neither true nor false", "true or false");
        return otherwise;
    }

    public TimeSpan Duration(string key, TimeSpan otherwise)
    {
        if (Scalar(key) is not { } scalar) return otherwise;
        if (Durations.TryParse(scalar.Value ?? "", out var duration)) return duration;
        Problem(key, $"'{key}: {scalar.Value}' is not a duration", Durations.Form);
        return otherwise;
    }

    /// <summary>One of the words in <paramref name="words"/>; reports and gives the default otherwise.</summary>
    public T Word<T>(string key, IReadOnlyDictionary<string, T> words, T otherwise)
    {
        var text = Text(key);
        if (text.Length == 0) return otherwise;
        if (words.TryGetValue(text, out var value)) return value;
        Problem(key, $"'{key}: {text}' is unknown", Nearest.Hint(text, words.Keys));
        return otherwise;
    }

    public LocalizedText Localized(string key)
    {
        if (Section(key) is not { } section)
        {
            if (!Has(key)) Missing(key);
            return new LocalizedText("", "");
        }
        var text = new LocalizedText(section.Text("en"), section.Text("zh-CN"));
        section.RefuseOthers();
        return text;
    }

    /// <summary>The mapping under <paramref name="key"/>, or null when it is absent (or is no mapping, which is reported).</summary>
    public YamlSection? Section(string key)
    {
        if (Find(key) is not { } node) return null;
        if (node is YamlMappingNode mapping) return new YamlSection(mapping, _file, _problems);
        Problem(key, $"'{key}' must be a mapping", $"{key}: {{ … }}");
        return null;
    }

    /// <summary>The list of mappings under <paramref name="key"/>; empty when absent.</summary>
    public IReadOnlyList<YamlSection> Sections(string key)
    {
        if (Find(key) is not { } node) return [];
        if (node is YamlSequenceNode sequence && sequence.Children.All(c => c is YamlMappingNode))
            return [.. sequence.Children.Cast<YamlMappingNode>().Select(m => new YamlSection(m, _file, _problems))];
        Problem(key, $"'{key}' must be a list of mappings", "- key: value");
        return [];
    }

    /// <summary>The list of texts under <paramref name="key"/>; empty when absent.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        if (Find(key) is not { } node) return [];
        if (node is YamlSequenceNode sequence && sequence.Children.All(c => c is YamlScalarNode))
            return [.. sequence.Children.Cast<YamlScalarNode>().Select(s => s.Value ?? "")];
        Problem(key, $"'{key}' must be a list", "[a, b]");
        return [];
    }

    /// <summary>Two numbers, low before high; null when absent.</summary>
    public (double Low, double High)? Range(string key)
    {
        if (!Has(key)) return null;
        var texts = Texts(key);
        if (texts.Count == 2 && TryNumber(texts[0], out var low) && TryNumber(texts[1], out var high) && low < high) return (low, high);
        Problem(key, $"'{key}' must be two numbers, the lower first", $"{key}: [0, 100]");
        return null;
    }

    /// <summary>The value under <paramref name="key"/> as compact JSON; <c>{}</c> when absent.</summary>
    public string Json(string key) => Find(key) is { } node ? YamlJson.Write(node) : "{}";

    /// <summary>Call last: whatever was not asked for is unknown.</summary>
    public void RefuseOthers()
    {
        foreach (var key in _node.Children.Keys)
        {
            var name = (key as YamlScalarNode)?.Value ?? key.ToString();
            if (_asked.Contains(name)) continue;
            var (line, column) = Position(key);
            _problems.Add(new PackProblem(_file, line, column, $"unknown key '{name}'", Nearest.Hint(name, _asked)));
        }
    }

    /// <param name="offset">Characters into the value at which it stands; counted for a value that is written without quotes on one line.</param>
    public void Problem(string key, string message, string? suggestion, int offset = 0)
    {
        var (line, column) = PositionOf(key);
        var quoted = Find(key) is YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.SingleQuoted or YamlDotNet.Core.ScalarStyle.DoubleQuoted };
        _problems.Add(new PackProblem(_file, line, column + offset + (quoted && offset > 0 ? 1 : 0), message, suggestion));
    }

    private void Missing(string key)
    {
        var (line, column) = At;
        _problems.Add(new PackProblem(_file, line, column, $"'{key}' is missing", null));
    }

    private YamlScalarNode? Scalar(string key)
    {
        var node = Find(key);
        if (node is null or YamlScalarNode) return node as YamlScalarNode;
        Problem(key, $"'{key}' must be a single value", null);
        return null;
    }

    private YamlNode? Find(string key)
    {
        _asked.Add(key);
        return _node.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;
    }

    private static bool TryNumber(string? text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static (int Line, int Column) Position(YamlNode node) => ((int)node.Start.Line, (int)node.Start.Column);
}
