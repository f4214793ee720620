using System.Text.RegularExpressions;

namespace Seamless.Rules.Packs.Drawings;

/// <summary>All that a drawing may be made of. Packs come from strangers: what is not named here is refused.</summary>
/// <remarks>Nothing here can act, load or refer: no script, style, link, image, animation, <c>use</c>, and no value with a colon or a <c>url()</c>.</remarks>
internal static partial class DrawingWords
{
    /// <summary>What draws, or holds what draws.</summary>
    public static readonly IReadOnlySet<string> Shapes = new HashSet<string> { "g", "path", "line", "polyline", "polygon", "rect", "circle", "ellipse", "text" };

    /// <summary>How something is drawn. Colours, widths and dashes follow from it, in the reader's theme.</summary>
    public static readonly IReadOnlySet<string> Classes = new HashSet<string> { "body", "face", "dark", "thin", "ghost", "axis", "leader", "balloon", "item" };

    /// <summary>Attributes of geometry, each with what its value must look like and how to say so.</summary>
    public static readonly IReadOnlyDictionary<string, (Regex Form, string Hint)> Geometry = new Dictionary<string, (Regex, string)>
    {
        ["d"] = (PathData(), "path data such as M10 20 L30 40 Z"),
        ["points"] = (Numbers(), "numbers such as 10,20 30,40"),
        ["transform"] = (Transforms(), "translate(…), rotate(…), scale(…), skewX(…), skewY(…) or matrix(…) with numbers"),
        ["x"] = ANumber, ["y"] = ANumber, ["x1"] = ANumber, ["y1"] = ANumber, ["x2"] = ANumber, ["y2"] = ANumber, ["cx"] = ANumber, ["cy"] = ANumber,
        ["r"] = ANumber, ["rx"] = ANumber, ["ry"] = ANumber, ["width"] = ANumber, ["height"] = ANumber,
    };

    public static readonly (Regex Form, string Hint) Box = (FourNumbers(), "four numbers such as 0 0 720 420");

    private static (Regex Form, string Hint) ANumber => (Number(), "a number without a unit");

    /// <summary>Why an attribute is refused that people use in drawings, and what to do instead.</summary>
    public static string HintFor(string attribute) => attribute switch
    {
        _ when attribute.StartsWith("on", StringComparison.OrdinalIgnoreCase) => "a drawing does nothing: take it out",
        "href" or "src" => "a drawing refers to nothing: draw the shape here",
        "style" or "fill" or "stroke" or "color" or "opacity" or "filter" or "mask" or "clip-path" => Painted,
        _ when attribute.StartsWith("stroke-", StringComparison.Ordinal) || attribute.StartsWith("fill-", StringComparison.Ordinal) || attribute.StartsWith("font-", StringComparison.Ordinal) => Painted,
        _ => $"one of: class, data-part, id, {string.Join(", ", Geometry.Keys.Order(StringComparer.Ordinal))}",
    };

    private static string Painted => $"colours and lines come from the class: one of {string.Join(", ", Classes)}";

    /// <summary>An item number: <c>7</c>, <c>12a</c>. Words belong into titles, which there are in both languages.</summary>
    [GeneratedRegex(@"\A[0-9A-Za-z]{1,4}\z")]
    public static partial Regex Item();

    [GeneratedRegex(@"\A-?[0-9]{1,5}(\.[0-9]{1,4})?\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"\A[-0-9., \s]+\z")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\A-?[0-9.]{1,8}(\s+-?[0-9.]{1,8}){3}\z")]
    private static partial Regex FourNumbers();

    [GeneratedRegex(@"\A[-+0-9., \sMmLlHhVvCcSsQqTtAaZz]+\z")]
    private static partial Regex PathData();

    [GeneratedRegex(@"\A(\s*(translate|rotate|scale|skewX|skewY|matrix)\([-0-9., ]+\)\s*)+\z", RegexOptions.NonBacktracking)]
    private static partial Regex Transforms();
}
