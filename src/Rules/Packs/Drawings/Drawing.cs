namespace Seamless.Rules.Packs.Drawings;

/// <summary>An exploded view of the equipment, as <c>drawing.svg</c> of its pack shows it (docs/reference/packs.md).</summary>
/// <remarks>It holds only what <see cref="DrawingReader"/> knows to be harmless, never the bytes of the file: what is shown is written anew from here.</remarks>
/// <param name="ViewBox">Least x, least y, width and height of the sheet.</param>
/// <param name="Components">What is named on it, by item number.</param>
public sealed record Drawing(LocalizedText Title, string ViewBox, IReadOnlyList<DrawnShape> Shapes, IReadOnlyList<DrawnComponent> Components)
{
    /// <summary>The component of a part; null when the part is not on the drawing.</summary>
    public DrawnComponent? Component(string sku) => Components.FirstOrDefault(component => component.Sku == sku);
}

/// <summary>A thing that one can point at.</summary>
/// <param name="Item">Its number on the drawing; null when it has none.</param>
/// <param name="Sku">The part of <c>parts.csv</c>; null for what is no spare, a casing for example.</param>
public sealed record DrawnComponent(string? Item, LocalizedText Title, string? Sku);

/// <summary>One element of the drawing.</summary>
/// <param name="Element">Its name in SVG, one of <see cref="DrawingWords.Shapes"/>.</param>
/// <param name="Attributes">Geometry: names and values that were checked.</param>
/// <param name="Classes">What it is drawn as, of <see cref="DrawingWords.Classes"/>; the colours belong to whoever shows it.</param>
/// <param name="Text">The item number, for a <c>text</c>.</param>
/// <param name="Component">What it and all within it belong to; null for what is nothing by itself.</param>
public sealed record DrawnShape(
    string Element, IReadOnlyList<KeyValuePair<string, string>> Attributes, IReadOnlyList<string> Classes, string? Text, DrawnComponent? Component, IReadOnlyList<DrawnShape> Children);
