using System.Xml.Linq;

namespace Seamless.Rules.Packs.Drawings;

/// <summary>Writes a drawing as SVG.</summary>
public static class DrawingText
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>The sheet. Its classes begin with <c>d-</c> and it has no ids, so that within a page it meets nothing of the page's own.</summary>
    /// <param name="language">Of the titles of components; null for all languages, and the title of the drawing too.</param>
    /// <param name="mark">Classes that a component is to have beside, or null.</param>
    public static XElement ToSvg(this Drawing drawing, string? language, Func<DrawnComponent, string?> mark) => new(
        Svg + "svg", new XAttribute("viewBox", drawing.ViewBox), language is null ? Titles(drawing.Title, null) : null, drawing.Shapes.Select(shape => Element(shape, language, mark)));

    private static XElement Element(DrawnShape shape, string? language, Func<DrawnComponent, string?> mark)
    {
        var classes = string.Join(' ', [.. shape.Classes.Select(word => "d-" + word), .. shape.Component is { } marked && mark(marked) is { } more ? [more] : Array.Empty<string>()]);
        return new XElement(
            Svg + shape.Element,
            classes.Length > 0 ? new XAttribute("class", classes) : null,
            shape.Component?.Sku is { } sku ? new XAttribute("data-part", sku) : null,
            shape.Attributes.Select(attribute => new XAttribute(attribute.Key, attribute.Value)),
            shape.Component is { } component ? Titles(component.Title, language) : null,
            shape.Text,
            shape.Children.Select(child => Element(child, language, mark)));
    }

    private static IEnumerable<XElement> Titles(LocalizedText title, string? language) => language is null
        ? [new(Svg + "title", new XAttribute("lang", "en"), title.En), new(Svg + "title", new XAttribute("lang", "zh-CN"), title.ZhCn)]
        : [new(Svg + "title", title.In(language))];
}
