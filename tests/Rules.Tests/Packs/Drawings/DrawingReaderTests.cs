using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Drawings;
using Seamless.Rules.Packs.Files;

namespace Seamless.Rules.Tests.Packs.Drawings;

/// <summary>A drawing may come from anybody: what could act, load, refer or deceive is refused, each with its line and what to write instead.</summary>
public sealed class DrawingReaderTests
{
    private const string Titles = """<title lang="en">Pump</title><title lang="zh-CN">泵</title>""";

    private static readonly PartDefinition[] Parts =
    [
        new("PMP-BRG-6309", new("Bearing set 6309", "6309 轴承组"), 'V', 'B', 14, 86, "EUR", ["pump"], null, (1, 1, 1)),
        new("PMP-SEAL-45", new("Mechanical seal 45 mm", "45 mm 机械密封"), 'V', 'B', 21, 240, "EUR", ["pump"], null, (1, 1, 1)),
    ];

    [Fact]
    public void Parts_by_id_and_data_part_and_named_components_are_listed_by_item_number()
    {
        var drawing = Read($"""
            <!-- a comment is nothing -->
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 420">{Titles}
              <g id="PMP-SEAL-45" transform="translate(10 20) rotate(-22.5)"><path class="body thin" d="M0 0 L10,20 a3 4 0 0 1 5 -6 Z"/><text class="item" x="1" y="2">10</text></g>
              <rect data-part="PMP-BRG-6309" x="1" y="2" width="3" height="4.5"/>
              <g data-part="PMP-BRG-6309"><circle class="balloon" cx="1" cy="2" r="3"/><text class="item" x="1" y="2">2</text></g>
              <g id="casing"><title lang="en">Casing</title><title lang="zh-CN">泵壳</title><line class="axis" x1="0" y1="0" x2="9" y2="9"/></g>
            </svg>
            """, out var problems)!;

        Assert.Empty(problems);
        Assert.Equal(("Pump", "泵", "0 0 720 420"), (drawing.Title.En, drawing.Title.ZhCn, drawing.ViewBox));
        Assert.Equal([("2", "PMP-BRG-6309", "Bearing set 6309"), ("10", "PMP-SEAL-45", "Mechanical seal 45 mm"), (null, null, "Casing")], drawing.Components.Select(c => (c.Item, c.Sku, c.Title.En)));
        Assert.Equal(["2", "2"], drawing.Shapes.Where(shape => shape.Component?.Sku == "PMP-BRG-6309").Select(shape => shape.Component!.Item));   // both places are one component: both are marked
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "'script'", "path")]
    [InlineData("""<script href="https://evil.example/x.js"/>""", "'script'", "path")]
    [InlineData("""<rect onload="alert(1)" width="1" height="1"/>""", "'onload'", "take it out")]
    [InlineData("""<rect ONCLICK="alert(1)" width="1" height="1"/>""", "'ONCLICK'", "take it out")]
    [InlineData("""<a href="javascript:alert(1)"><rect width="1" height="1"/></a>""", "'a'", "path")]
    [InlineData("""<rect href="javascript:alert(1)" width="1" height="1"/>""", "'href'", "refers to nothing")]
    [InlineData("""<rect xmlns:xlink="http://www.w3.org/1999/xlink" width="1" height="1"/>""", "'xlink'", null)]
    [InlineData("""<use xmlns:x="http://www.w3.org/1999/xlink" x:href="https://evil.example/a.svg#b"/>""", "'use'", null)]
    [InlineData("""<use href="#PMP-BRG-6309"/>""", "'use'", null)]
    [InlineData("""<image href="https://evil.example/pixel.png"/>""", "'image'", null)]
    [InlineData("""<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><form/></body></foreignObject>""", "'foreignObject'", null)]
    [InlineData("""<rect xmlns="http://www.w3.org/1999/xhtml"/>""", "'rect'", null)]
    [InlineData("<style>@import url(https://evil.example/x.css)</style>", "'style'", null)]
    [InlineData("""<rect style="background:url(https://evil.example/x)" width="1" height="1"/>""", "'style'", "the class")]
    [InlineData("""<rect fill="url(https://evil.example/x#y)" width="1" height="1"/>""", "'fill'", "the class")]
    [InlineData("""<rect width="url(https://evil.example)" height="1"/>""", "'width' is", "a number")]
    [InlineData("""<path d="M0 0 url(x)"/>""", "'d' is", "path data")]
    [InlineData("""<g transform="translate(1) url(#x)"/>""", "'transform' is", "translate")]
    [InlineData("""<animate attributeName="href" to="javascript:alert(1)"/>""", "'animate'", null)]
    [InlineData("""<set attributeName="onload" to="alert(1)"/>""", "'set'", null)]
    [InlineData("""<svg viewBox="0 0 1 1"/>""", "'svg'", null)]
    [InlineData("""<g class="topbar"/>""", "no class 'topbar'", null)]
    [InlineData("""<g xml:base="https://evil.example/"/>""", "'base'", null)]
    [InlineData("""<text class="item">Call 555 0100 now</text>""", "the text is", "titles")]
    [InlineData("""<text class="item">1<tspan>2</tspan></text>""", "'tspan'", "text alone")]
    [InlineData("""<g>Words of its own</g>""", "'Words of its own'", null)]
    [InlineData("""<?xml-stylesheet href="https://evil.example/x.css"?>""", "ProcessingInstruction", "take it out")]
    [InlineData("""<g><title lang="en">One<script>alert(1)</script></title><title lang="zh-CN">一</title></g>""", "'script' has no place", null)]
    [InlineData("""<g id="PMP-BRG-6308"/>""", "no 'PMP-BRG-6308'", "PMP-BRG-6309")]
    [InlineData("""<rect data-part="seal" width="1" height="1"/>""", "no 'seal'", "PMP-SEAL-45")]
    [InlineData("""<g id="casing"/><g id="casing"/>""", "twice", "data-part")]
    [InlineData("""<g id="PMP-BRG-6309"><g id="PMP-SEAL-45"/></g>""", "lies within", null)]
    [InlineData("""<g id="casing"><title lang="en">Casing</title></g>""", "once in each language", "zh-CN")]
    public void What_has_no_place_is_refused_with_its_line_and_what_would_be_right(string inner, string message, string? suggestion)
    {
        Read($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 420">
              {Titles}
              {inner}
            </svg>
            """, out var problems);

        var problem = problems.FirstOrDefault(p => p.Message.Contains(message, StringComparison.Ordinal));
        Assert.True(problem is not null, string.Join('\n', problems));
        Assert.Equal(("drawing.svg", 3), (problem.File, problem.Line));
        if (suggestion is not null) Assert.Contains(suggestion, problem.Suggestion, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><text>&b;</text></svg>""", "DOCTYPE")]
    [InlineData("""<!DOCTYPE svg [<!ENTITY file SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><text>&file;</text></svg>""", "DOCTYPE")]
    [InlineData("""<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "https://evil.example/svg11.dtd"><svg xmlns="http://www.w3.org/2000/svg"/>""", "DOCTYPE")]
    [InlineData("""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><g></svg>""", "well-formed")]
    [InlineData("""<html xmlns="http://www.w3.org/1999/xhtml"/>""", "<svg")]
    [InlineData("""<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" viewBox="0 0 1 1"/>""", "take it out")]
    [InlineData("""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1"/>""", "four numbers")]
    [InlineData("""<svg xmlns="http://www.w3.org/2000/svg"/>""", "four numbers")]
    [InlineData("""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>""", "<title")]
    public void A_sheet_that_is_not_one_is_refused(string text, string suggestion)
    {
        Read(text, out var problems);
        Assert.Contains(problems, p => p.Line == 1 && p.Suggestion?.Contains(suggestion, StringComparison.Ordinal) == true);
    }

    [Fact]
    public void What_is_too_large_or_too_deep_is_refused_and_harms_nobody()
    {
        Read(new string(' ', DrawingReader.MaxBytes + 1), out var large);
        Assert.Contains("at most 65536", Assert.Single(large).Suggestion, StringComparison.Ordinal);

        const int Depth = 9000;
        Read($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{Titles}{string.Concat(Enumerable.Repeat("<g>", Depth))}{string.Concat(Enumerable.Repeat("</g>", Depth))}</svg>""", out var deep);
        Assert.Contains("nested", Assert.Single(deep).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_shown_is_written_anew_with_no_id_and_only_own_classes()
    {
        var drawing = Read($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{Titles}<g id="PMP-BRG-6309"><path class="body" d="M0 0"/></g><g id="ticket"><title lang="en">A &lt;b&gt;</title><title lang="zh-CN">甲</title></g></svg>""", out _)!;

        Assert.Equal(
            """<svg viewBox="0 0 1 1" xmlns="http://www.w3.org/2000/svg"><g class="lit" data-part="PMP-BRG-6309"><title>Bearing set 6309</title><path class="d-body" d="M0 0" /></g><g><title>A &lt;b&gt;</title></g></svg>""",
            drawing.ToSvg("en", component => component.Sku is null ? null : "lit").ToString(System.Xml.Linq.SaveOptions.DisableFormatting));
    }

    private static Drawing? Read(string text, out List<PackProblem> problems) => DrawingReader.Read("drawing.svg", text, Parts, problems = []);
}
