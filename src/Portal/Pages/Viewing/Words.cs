using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Viewing;

/// <summary>The texts of the screen, in the viewer's language. A key that does not exist is a bug and throws.</summary>
public sealed partial class Words(Viewer viewer)
{
    private static readonly ResourceManager Texts = new("Seamless.Portal.Resources.Texts", typeof(Words).Assembly);

    public string this[string key] => Of(key, viewer.Culture);

    public string this[string key, params object?[] values] => string.Format(viewer.Culture, Of(key, viewer.Culture), values);

    /// <summary>The text of an enum value (<c>TicketStatus.OnSite</c>) or of a code that may be newer than this portal, then as it is.</summary>
    public string Code(string family, object code) =>
        Texts.GetString($"{family}.{code}", viewer.Culture) ?? code.ToString() ?? "";

    /// <summary>Why something was not done: in the viewer's language where the reason has a name, otherwise as the refusal says it.</summary>
    public string Refused(Refusal refusal) => this["done.refused", Reason(refusal)];

    /// <summary>The reason alone. A place for a value names its family where it is a code: <c>{1:ticket.status}</c>; several codes come with commas between them.</summary>
    public string Reason(Refusal refusal) => refusal.Why is { } why && Texts.GetString($"refusal.{why}", viewer.Culture) is { } text
        ? Place().Replace(text, place => ValueOf(refusal.Values.ElementAtOrDefault(place.Groups["number"].Value[0] - '0') ?? "", place.Groups["family"].Value))
        : refusal.Reason;

    private string ValueOf(string value, string family) =>
        family.Length == 0 ? value : string.Join(this["list.comma"], value.Split(", ").Select(code => Code(family, code)));

    /// <summary>How long, in its largest unit: <c>42 s</c>, <c>3 h</c>.</summary>
    public string Span(TimeSpan span)
    {
        var length = span.Duration();
        if (length < TimeSpan.FromMinutes(1)) return this["span.s", (int)length.TotalSeconds];
        if (length < TimeSpan.FromHours(1)) return this["span.min", (int)length.TotalMinutes];
        if (length < TimeSpan.FromDays(2)) return this["span.h", (int)length.TotalHours];
        return this["span.d", (int)length.TotalDays];
    }

    /// <summary>Before or after now: <c>3 min ago</c>, <c>in 2 h</c>.</summary>
    public string Relative(DateTimeOffset at) =>
        at <= viewer.Now ? this["span.ago", Span(viewer.Now - at)] : this["span.in", Span(at - viewer.Now)];

    [GeneratedRegex(@"\{(?<number>\d)(:(?<family>[\w.]+))?\}")]
    private static partial Regex Place();

    private static string Of(string key, CultureInfo culture) =>
        Texts.GetString(key, culture) ?? throw new KeyNotFoundException($"Resources/Texts.resx has no '{key}'");
}
