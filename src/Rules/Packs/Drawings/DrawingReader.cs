using System.Text;
using System.Xml;
using System.Xml.Linq;
using Seamless.Rules.Packs.Files;

namespace Seamless.Rules.Packs.Drawings;

/// <summary>Reads <c>drawing.svg</c> of a pack against its parts. The file is not trusted: only what <see cref="DrawingWords"/> names gets through.</summary>
internal sealed class DrawingReader
{
    /// <summary>A drawing goes into each ticket's page that shows it.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Groups in groups; deeper than anybody draws, and far from the end of the stack.</summary>
    private const int MaxDepth = 12;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly string[] Languages = ["en", "zh-CN"];

    private readonly string _file;
    private readonly IReadOnlyDictionary<string, PartDefinition> _parts;
    private readonly List<PackProblem> _problems;
    private readonly List<DrawnComponent> _components = [];
    private readonly HashSet<string> _ids = [];

    private DrawingReader(string file, IReadOnlyList<PartDefinition> parts, List<PackProblem> problems) =>
        (_file, _parts, _problems) = (file, parts.DistinctBy(part => part.Sku).ToDictionary(part => part.Sku), problems);

    /// <returns>Null when there is no such file, or nothing of it can be used.</returns>
    public static Drawing? ReadFile(string directory, string file, IReadOnlyList<PartDefinition> parts, List<PackProblem> problems)
    {
        var found = new FileInfo(Path.Combine(directory, file));
        if (!found.Exists) return null;
        if (found.Length <= MaxBytes) return Read(file, File.ReadAllText(found.FullName), parts, problems);
        problems.Add(TooLarge(file, found.Length));
        return null;
    }

    /// <returns>What could be read even when there are problems; usable only when there are none.</returns>
    public static Drawing? Read(string file, string text, IReadOnlyList<PartDefinition> parts, List<PackProblem> problems)
    {
        if (Encoding.UTF8.GetByteCount(text) is > MaxBytes and var bytes)
        {
            problems.Add(TooLarge(file, bytes));
            return null;
        }
        try
        {
            using var xml = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return new DrawingReader(file, parts, problems).Sheet(XDocument.Load(xml, LoadOptions.SetLineInfo));
        }
        catch (XmlException broken)
        {
            var hint = text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase) ? "take the DOCTYPE and its entities out: a drawing has none" : "well-formed XML";
            problems.Add(new PackProblem(file, Math.Max(1, broken.LineNumber), Math.Max(1, broken.LinePosition), $"it cannot be read: {broken.Message}", hint));
            return null;
        }
    }

    private static PackProblem TooLarge(string file, long bytes) => new(file, 1, 1, $"the drawing has {bytes} bytes", $"at most {MaxBytes}: fewer points, fewer decimals");

    private Drawing? Sheet(XDocument document)
    {
        foreach (var node in document.Nodes().Where(node => node is not (XElement or XComment))) RefuseNode(node);
        var root = document.Root!;
        if (root.Name != Svg + "svg")
        {
            Problem(root, $"the drawing begins with '{root.Name.LocalName}'", """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 420">""");
            return null;
        }
        foreach (var attribute in root.Attributes().Where(a => a.Name != "viewBox" && !IsOfNamespace(a))) RefuseAttribute(attribute);
        var box = root.Attribute("viewBox") is { } given ? Checked(given, DrawingWords.Box) : null;
        if (box is null && root.Attribute("viewBox") is null) Problem(root, "'viewBox' is missing", DrawingWords.Box.Hint);
        var title = Titles(root);
        if (title is null && !root.Elements(Svg + "title").Any()) Problem(root, "the drawing has no title", """<title lang="en">…</title><title lang="zh-CN">…</title>""");
        var shapes = Children(root, null, 1);
        return new Drawing(title ?? new LocalizedText("", ""), box ?? "", shapes, [.. _components.OrderBy(Order).ThenBy(c => c.Item, StringComparer.Ordinal)]);
    }

    private List<DrawnShape> Children(XElement parent, DrawnComponent? within, int depth)
    {
        var shapes = new List<DrawnShape>();
        foreach (var node in parent.Nodes())
        {
            if (node is XElement element)
            {
                if (element.Name == Svg + "title") continue;
                if (Shape(element, within, depth) is { } shape) shapes.Add(shape);
            }
            else if (node is not XComment) RefuseNode(node);
        }
        return shapes;
    }

    private DrawnShape? Shape(XElement element, DrawnComponent? within, int depth)
    {
        var name = element.Name.LocalName;
        if (element.Name.Namespace != Svg || !DrawingWords.Shapes.Contains(name))
        {
            Problem(element, $"'{name}' has no place in a drawing", $"one of: {string.Join(", ", DrawingWords.Shapes)}");
            return null;
        }
        if (depth > MaxDepth)
        {
            Problem(element, $"it is nested more than {MaxDepth} deep", "fewer groups in groups");
            return null;
        }
        var geometry = element.Attributes().Where(attribute => !IsOwn(attribute) && !IsOfNamespace(attribute)).Select(Geometry).OfType<KeyValuePair<string, string>>().ToList();
        var component = Component(element, within);
        var text = name == "text" ? Item(element) : null;
        return new DrawnShape(name, geometry, Classes(element), text, component, name == "text" ? [] : Children(element, component ?? within, depth + 1));
    }

    private KeyValuePair<string, string>? Geometry(XAttribute attribute)
    {
        if (attribute.Name.NamespaceName.Length > 0 || !DrawingWords.Geometry.TryGetValue(attribute.Name.LocalName, out var rule))
        {
            RefuseAttribute(attribute);
            return null;
        }
        return Checked(attribute, rule) is { } value ? new(attribute.Name.LocalName, value) : null;
    }

    private string? Checked(XAttribute attribute, (System.Text.RegularExpressions.Regex Form, string Hint) rule)
    {
        if (rule.Form.IsMatch(attribute.Value)) return attribute.Value;
        Problem(attribute, $"'{attribute.Name.LocalName}' is '{Short(attribute.Value)}'", rule.Hint);
        return null;
    }

    private List<string> Classes(XElement element)
    {
        if (element.Attribute("class") is not { } given) return [];
        var words = given.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToList();
        foreach (var word in words.Where(word => !DrawingWords.Classes.Contains(word))) Problem(given, $"there is no class '{Short(word)}'", Nearest.Hint(word, DrawingWords.Classes));
        return words;
    }

    /// <summary>What the element stands for: the part that its <c>data-part</c> or id names, or what its titles say.</summary>
    private DrawnComponent? Component(XElement element, DrawnComponent? within)
    {
        var (sku, titles) = (Sku(element), Titles(element));
        if (sku is null && titles is null) return null;
        if (within is not null)
        {
            Problem(element, $"'{sku ?? titles!.En}' lies within '{within.Sku ?? within.Title.En}'", "components beside each other, each in its own group");
            return null;
        }
        if (sku is not null && _components.Find(c => c.Sku == sku) is { } known) return known;   // drawn in several places
        var component = new DrawnComponent(sku is null ? ItemWithin(element) : ItemOf(sku, element.Document!), sku is not null ? _parts[sku].Title : titles!, sku);
        _components.Add(component);
        return component;
    }

    private string? Sku(XElement element)
    {
        if (element.Attribute("id") is { } id && !_ids.Add(id.Value)) Problem(id, $"the id '{Short(id.Value)}' stands here twice", "one id, one element; more of the same part have data-part");
        if (element.Attribute("data-part") is { } part) return Known(part);
        if (element.Attribute("id") is not { } named || (!_parts.ContainsKey(named.Value) && !named.Value.Any(char.IsAsciiLetterUpper))) return null;
        return Known(named);   // a capital letter says that it means a part: free ids are written small
    }

    private string? Known(XAttribute attribute)
    {
        if (_parts.ContainsKey(attribute.Value)) return attribute.Value;
        Problem(attribute, $"parts.csv has no '{Short(attribute.Value)}'", Nearest.Hint(Short(attribute.Value), _parts.Keys));
        return null;
    }

    private LocalizedText? Titles(XElement element)
    {
        var titles = element.Elements(Svg + "title").ToList();
        foreach (var title in titles)
        {
            foreach (var attribute in title.Attributes().Where(a => a.Name != "lang" && !IsOfNamespace(a))) RefuseAttribute(attribute);
            foreach (var node in title.Nodes().Where(node => node is not XText)) RefuseNode(node);
            if (!Languages.Contains(title.Attribute("lang")?.Value)) Problem(title, "the title does not say its language", """lang="en" or lang="zh-CN" """.TrimEnd());
        }
        if (titles.Count == 0) return null;
        var texts = Languages.Select(language => titles.FirstOrDefault(title => title.Attribute("lang")?.Value == language)?.Value.Trim()).ToArray();
        if (titles.Count == 2 && texts is [{ Length: > 0 } en, { Length: > 0 } zh]) return new LocalizedText(en, zh);
        Problem(titles[0], "a title is needed once in each language", """<title lang="en">…</title><title lang="zh-CN">…</title>""");
        return null;
    }

    private string? Item(XElement text)
    {
        foreach (var node in text.Nodes().Where(node => node is not XText)) RefuseNode(node);
        if (DrawingWords.Item().IsMatch(text.Value)) return text.Value;
        Problem(text, $"the text is '{Short(text.Value)}'", "an item number such as 7: words belong into titles, which are there in both languages");
        return null;
    }

    private static string? ItemWithin(XElement element) =>
        element.DescendantsAndSelf(Svg + "text").FirstOrDefault(text => text.Attribute("class")?.Value == "item" && DrawingWords.Item().IsMatch(text.Value))?.Value;

    /// <summary>The first number in any of the places where the part is drawn.</summary>
    private static string? ItemOf(string sku, XDocument drawing) =>
        drawing.Descendants().Where(e => (e.Attribute("data-part") ?? e.Attribute("id"))?.Value == sku).Select(ItemWithin).FirstOrDefault(item => item is not null);

    private void RefuseNode(XNode node)
    {
        switch (node)
        {
            case XText text when string.IsNullOrWhiteSpace(text.Value): break;
            case XText text: Problem(text, $"the words '{Short(text.Value.Trim())}' stand outside of a text", "take them out, or make them a title"); break;
            case XElement element: Problem(element, $"'{element.Name.LocalName}' has no place here", "the text alone"); break;
            default: Problem(node, $"a {node.NodeType} has no place in a drawing", "take it out"); break;
        }
    }

    private void RefuseAttribute(XAttribute attribute) => Problem(attribute, $"'{attribute.Name.LocalName}' has no place in a drawing", DrawingWords.HintFor(attribute.Name.LocalName));

    private void Problem(IXmlLineInfo at, string message, string? suggestion) =>
        _problems.Add(new PackProblem(_file, Math.Max(1, at.LineNumber), Math.Max(1, at.LinePosition), message, suggestion));

    private static bool IsOwn(XAttribute attribute) => attribute.Name.LocalName is "id" or "class" or "data-part" && attribute.Name.NamespaceName.Length == 0;

    /// <summary>The one namespace that everything here is in; a prefix for another leads nowhere good.</summary>
    private static bool IsOfNamespace(XAttribute attribute) => attribute.IsNamespaceDeclaration && attribute.Value == Svg.NamespaceName;

    private static int Order(DrawnComponent component) => int.TryParse(component.Item, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
