using System.Globalization;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>A phone in a technician's hand: what can be done is there without scrolling, and no bar hides what has the focus (WCAG 2.4.11).</summary>
public sealed class PhoneTests(Rig rig)
{
    /// <summary>Whether the middle of the first control of a panel can be touched as the page opens: it is on the screen and nothing lies over it.</summary>
    private const string IsAtHand = """
        selector => {
            const control = document.querySelector(`${selector} :is(button, summary)`), box = control.getBoundingClientRect();
            return control.contains(document.elementFromPoint(box.x + Math.min(box.width / 2, 40), box.y + box.height / 2));
        }
        """;

    /// <summary>Names what has the focus when it is wholly under something else.</summary>
    private const string Hidden = """
        () => {
            const chosen = document.activeElement, box = chosen.getBoundingClientRect();
            if (chosen === document.body || box.width === 0) return '';
            const seen = [0.1, 0.5, 0.9].some(at => { const top = document.elementFromPoint(box.x + Math.min(box.width / 2, 8), box.y + box.height * at); return top && (chosen.contains(top) || top.contains(chosen)); });
            return seen ? '' : chosen.outerHTML.slice(0, 120);
        }
        """;

    [Theory]
    [InlineData("/tickets/T-1042", "#ticket-actions", "en")]
    [InlineData("/tickets/T-1042", "#ticket-actions", "zh-CN")]
    [InlineData("/complaints/C-1001", "#complaint-actions", "en")]
    public async Task The_next_action_is_on_the_first_screen(string path, string panel, string language)
    {
        var (page, _) = await rig.OpenAsync(path, new Look(390, language));

        Assert.True(await page.EvaluateAsync<bool>(IsAtHand, panel));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_wide_screen_has_the_actions_beside_what_is_known()
    {
        var (page, _) = await rig.OpenAsync("/tickets/T-1042", new Look());
        var (actions, first) = ((await page.Locator("#ticket-actions").BoundingBoxAsync())!, (await page.Locator(".known > :first-child").BoundingBoxAsync())!);

        Assert.True(actions.X > first.X + first.Width, string.Create(CultureInfo.InvariantCulture, $"actions at {actions.X}, first to {first.X + first.Width}"));
        Assert.Equal(first.Y, actions.Y, 1.0);
        var below = (await page.Locator("#ticket-actions + .known + .column > :first-child").BoundingBoxAsync())!;
        Assert.Equal(16, below.Y - (actions.Y + actions.Height), 1.0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task What_has_the_focus_is_never_under_a_bar()
    {
        var (page, _) = await rig.OpenAsync("/tickets/T-1042", new Look(390));
        await page.FocusAsync("main a");
        var hidden = new List<string>();
        foreach (var key in Enumerable.Repeat("Tab", 40).Concat(Enumerable.Repeat("Shift+Tab", 30)))
        {
            await page.Keyboard.PressAsync(key);
            if (await page.EvaluateAsync<string>(Hidden) is { Length: > 0 } under) hidden.Add($"{key}: {under}");
        }

        Assert.Equal([], hidden);
        await page.Context.CloseAsync();
    }
}
