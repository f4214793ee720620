using System.Globalization;
using System.Text.RegularExpressions;
using Seamless.Rules.Backtests;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Evaluation;

/// <summary>Writes another setpoint into the text of a rule file and leaves everything else, comments too, as it stands.</summary>
internal static partial class SetpointText
{
    /// <returns>The text, or null when the rule's setpoint is no plain number in it.</returns>
    public static string? With(RuleFile file, string rule, double setpoint)
    {
        if (file.Rules.FirstOrDefault(r => r.Id == rule) is not { Line: > 0 } found) return null;
        var (begin, end) = (OffsetOf(file.Yaml, found.Line), file.Yaml.Length);
        foreach (var other in file.Rules.Where(r => r.Line > found.Line)) end = Math.Min(end, OffsetOf(file.Yaml, other.Line));
        var match = Setpoint().Match(file.Yaml, begin, end - begin);
        if (!match.Success || !double.TryParse(match.Groups["number"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var written) || written != found.Setpoint) return null;
        var number = match.Groups["number"];
        return string.Concat(file.Yaml.AsSpan(0, number.Index), Number(setpoint), file.Yaml.AsSpan(number.Index + number.Length));
    }

    public static string Number(double setpoint) => ((decimal)setpoint).ToString("0.############", CultureInfo.InvariantCulture);

    private static int OffsetOf(string text, int line)
    {
        var at = 0;
        for (var i = 1; i < line && at >= 0; i++) at = text.IndexOf('\n', at) + 1 is > 0 and var next ? next : text.Length;
        return at;
    }

    /// <summary>At the begin of a line, after the dash of a list, or within a flow mapping; never in a comment.</summary>
    [GeneratedRegex(@"^(?<lead>[^#\r\n]*?[\s{,]|\s*)setpoint:[ \t]*(?<quote>[""']?)(?<number>[-+]?[0-9][0-9.eE+-]*)", RegexOptions.Multiline)]
    private static partial Regex Setpoint();
}
