using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>The broken part on the drawing, at the desk and on a technician's phone.</summary>
public sealed class DrawingPageTests(Rig rig)
{
    private const string Bearing = "#ticket-drawing svg [data-part='PMP-BRG-6309']";
    private const string Seal = "#ticket-drawing svg [data-part='PMP-SEAL-45']";

    [Theory]
    [InlineData("en", 1440, "light", "engineer", "Where it is", "Most probable: Bearing wear 93%", "Possible: Mechanical seal leaks 6%", "Centrifugal pump with motor, exploded view. Marked: 6 Bearing set 6309 (PMP-BRG-6309), 4 Mechanical seal 45 mm (PMP-SEAL-45).")]
    [InlineData("zh-CN", 390, "dark", "technician", "故障位置", "最可能：轴承磨损 93%", "可能：机械密封泄漏 6%", "离心泵（含电机）分解图。已标出：6 6309 轴承组 (PMP-BRG-6309)，4 45 mm 机械密封 (PMP-SEAL-45)。")]
    public async Task The_suspected_components_are_marked_and_named_for_eye_and_ear(string language, int width, string theme, string role, string title, string first, string second, string alternative)
    {
        var (page, complaints) = await rig.OpenAsync("/tickets/T-1042", new Look(width, language, theme, role));

        Assert.Equal(title, await page.InnerTextAsync("#ticket-drawing-title"));
        Assert.Equal(alternative, await page.GetAttributeAsync("#ticket-drawing svg[role=img]", "aria-label"));
        var legend = await page.InnerTextAsync("#ticket-drawing .suspects");
        foreach (var words in (string[])[first, second, "PMP-BRG-6309", "PMP-SEAL-45"]) Assert.Contains(words, legend, StringComparison.Ordinal);
        Assert.Equal(["PMP-BRG-6309", "PMP-SEAL-45"], (await page.EvaluateAsync<string[]>("[...document.querySelectorAll('#ticket-drawing svg .suspect')].map(e => e.dataset.part)")).Order(StringComparer.Ordinal));
        Assert.Contains("first", await page.GetAttributeAsync(Bearing, "class"), StringComparison.Ordinal);
        Assert.DoesNotContain("first", await page.GetAttributeAsync(Seal, "class"), StringComparison.Ordinal);

        // Not by colour alone: the strongest has the thickest whole line and a filled number, the other a dashed one.
        var (bearing, seal, other) = (await LineAsync(page, Bearing), await LineAsync(page, Seal), await LineAsync(page, "#ticket-drawing svg [data-part='PMP-MOT-15KW']"));
        Assert.True(bearing.Width > seal.Width && seal.Width > other.Width, $"{bearing} {seal} {other}");
        Assert.Equal(("none", true, "none"), (bearing.Dash, seal.Dash != "none", other.Dash));
        Assert.Empty(complaints);
        Assert.Equal("", await page.EvaluateAsync<string>("document.documentElement.scrollWidth <= innerWidth ? '' : 'too wide'"));
        var found = await page.RunAxe(PageTests.Wcag22Aa);
        Assert.True(found.Violations.Length == 0, string.Join("\n", found.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}"))));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_entry_chosen_by_keyboard_leaves_only_its_component_marked()
    {
        var (page, _) = await rig.OpenAsync("/tickets/T-1042", new Look());
        var usual = await LineAsync(page, "#ticket-drawing svg [data-part='PMP-MOT-15KW']");
        var marked = await LineAsync(page, Seal);

        await page.FocusAsync("#ticket-drawing input[type=radio]:checked");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");

        Assert.Equal("PMP-SEAL-45", await page.EvaluateAsync<string>("document.querySelector('#ticket-drawing input:checked').value"));
        Assert.Equal((usual, marked), (await LineAsync(page, Bearing), await LineAsync(page, Seal)));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Nothing_is_shown_where_no_part_is_suspected_or_the_pack_has_no_drawing()
    {
        foreach (var ticket in (string[])["T-1041", "T-1037"])
        {
            var (page, _) = await rig.OpenAsync($"/tickets/{ticket}", new Look());
            Assert.Equal(0, await page.Locator("#ticket-drawing").CountAsync());
            await page.Context.CloseAsync();
        }
    }

    private static async Task<(double Width, string Dash)> LineAsync(IPage page, string component)
    {
        var style = await page.EvaluateAsync<string[]>("c => { const s = getComputedStyle(document.querySelector(`${c} .d-body`)); return [s.strokeWidth, s.strokeDasharray]; }", component);
        return (double.Parse(style[0].Replace("px", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture), style[1]);
    }
}
