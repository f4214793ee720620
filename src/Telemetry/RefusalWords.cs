using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Seamless.Telemetry;

/// <summary>An interpolated sentence of a refusal that remembers what it names: the sentence for programs and the log, the values for whoever says the same in another language.</summary>
[InterpolatedStringHandler]
public sealed class RefusalWords(int literalLength, int formattedCount)
{
    private readonly StringBuilder _sentence = new(literalLength);
    private readonly List<string> _values = new(formattedCount);

    public void AppendLiteral(string text) => _sentence.Append(text);

    public void AppendFormatted<T>(T value, string? format = null)
    {
        var text = value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString() ?? "";
        _sentence.Append(text);
        _values.Add(text);
    }

    internal Refusal As(string code, string why) => new(code, _sentence.ToString()) { Why = why, Values = _values };
}
